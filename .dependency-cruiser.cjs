// The dependency rule of docs/architecture.md. `only(name, from, allowed)`: of our own code, `from` may import `allowed` and nothing else.
// commands/check-structure.ts proves the rules on planted violations at every run.
const ours = '^(crdt|protocol|search-index|recommender|app|sync-server|media-server)/'
const tests = '\\.(test|contract|testkit)\\.tsx?$'
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, pathNot: tests },
  to: { path: ours, pathNot: [allowed, '/node_modules/'] },
})

/** In a server every folder is a feature, except entry points, ports and adapters. */
const serverFeature = '(?!(http|ports|platform)/)[^/]+/'

/** The folders of the UI, lowest first: each imports only folders before it. `pages` and `shell` meet in app.tsx. */
const uiLayers = [
  'state',
  'controls',
  'layout',
  'tracks',
  'cards',
  'saved',
  'history',
  'playlist-files',
  'queue',
  'uploads',
  'devices',
  'account',
  'player',
  'people',
  'playlists',
  'search',
  'pages',
  'shell',
]
const uiLayerRules = uiLayers.map((layer, index) => ({
  name: 'ui-layers',
  severity: 'error',
  comment: 'a folder of the UI imports only the folders before it in uiLayers',
  from: { path: `^app/src/ui/${layer}/`, pathNot: tests },
  to: {
    path: '^app/src/ui/',
    // later-parts.ts says only how the code of parts is loaded, so that a button can load it ahead.
    pathNot: `^app/src/ui/(((${uiLayers.slice(0, index + 1).join('|')})/)|later-parts\\.ts$)`,
  },
}))

module.exports = {
  forbidden: [
    ...uiLayerRules,
    {
      name: 'ui-folders-have-no-cycles',
      severity: 'error',
      comment: 'also folders that are not in uiLayers, and folders inside folders',
      scope: 'folder',
      from: { path: '^app/src/ui/' },
      to: { circular: true },
    },
    only('crdt-is-alone', '^crdt/', '^crdt/', 'crdt/ imports no other workspace'),
    only('protocol-imports-crdt', '^protocol/', '^(protocol|crdt)/', 'protocol/ may name domain ids'),
    only(
      'processes-are-separate',
      '^(app|sync-server|media-server)/',
      '^($1|protocol|crdt|search-index|recommender)/',
      'processes share only the pure workspaces',
    ),
    only(
      'index-is-alone',
      '^(search-index|recommender)/',
      '^$1/',
      'these pure workspaces import no other code of ours',
    ),
    {
      name: 'entry-points-never-import-adapters',
      severity: 'error',
      from: { path: '^[^/]+/src/(ui|http)/', pathNot: tests },
      to: { path: '^[^/]+/src/platform/' },
    },
    only(
      'ports-are-types',
      '^([^/]+)/src/ports/',
      '^($1/src/ports|protocol|crdt)/',
      'a port imports no implementation',
    ),
    only(
      'engine-is-headless',
      '^app/src/engine/',
      '^(app/src/(engine|ports)|protocol|crdt|search-index|recommender)/',
      'no React, no browser, no adapters',
    ),
    only(
      'ui-uses-the-engine',
      '^app/src/ui/',
      '^(app/src/(ui|engine)|protocol|crdt)/',
      'the UI imports no port and no adapter',
    ),
    only(
      'platform-serves-ports',
      '^([^/]+)/src/platform/',
      '^($1/src/(platform|ports)|protocol|crdt)/',
      'an adapter imports its port only',
    ),
    only(
      'features-use-ports',
      `^(media-server|sync-server)/src/${serverFeature}`,
      `^($1/src/(${serverFeature}|ports/)|protocol/|crdt/|search-index/|recommender/)`,
      'adapters are created in main, the workers and start-media-server only',
    ),
    {
      name: 'engine-has-no-frameworks',
      severity: 'error',
      from: { path: '^app/src/(engine|ports)/', pathNot: tests },
      to: { path: 'node_modules/(react|howler|workbox|dexie|idb|libp2p)' },
    },
    {
      name: 'crdt-imports-automerge-only',
      severity: 'error',
      from: { path: '^crdt/src', pathNot: tests },
      to: { path: 'node_modules/', pathNot: 'node_modules/@automerge/automerge/' },
    },
    {
      name: 'index-imports-nothing',
      severity: 'error',
      from: { path: '^search-index/src', pathNot: tests },
      to: { path: 'node_modules/|^node:', pathNot: '^search-index/' },
    },
    {
      name: 'crdt-has-no-io',
      severity: 'error',
      from: { path: '^crdt/src', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'product-imports-no-tools',
      severity: 'error',
      comment: 'journeys, benchmarks and commands use the product, never the other way round',
      from: { path: '^(crdt|protocol|search-index|app|media-server|sync-server)/src/' },
      to: { path: '^(harness|e2e|bench|campaigns|commands)/' },
    },
    {
      name: 'harness-is-shared',
      severity: 'error',
      comment: 'what several of these folders use is in harness/, which imports none of them',
      from: { path: '^harness/' },
      to: { path: '^(e2e|bench|campaigns|commands)/' },
    },
    {
      name: 'journeys-and-benchmarks-are-apart',
      severity: 'error',
      comment: 'they share harness/ only; commands/ starts them',
      from: { path: '^(e2e|bench|campaigns)/' },
      to: { path: '^(e2e|bench|campaigns|commands)/', pathNot: '^$1/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot:
          '((main|service-worker|worker)\\.tsx?|\\.d\\.ts|\\.(main|test|spec|bench|campaign)\\.tsx?)$|^commands/[^/]+\\.(ts|mjs)$',
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types'] },
  },
}
