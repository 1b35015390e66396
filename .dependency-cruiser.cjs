// The dependency rule of docs/architecture.md, read top down: each line may import, of ours, only what it names.
// Proved on a planted violation at every run by commands/check-structure.ts.
const ours = '^(crdt|protocol|search-index|recommender|app|sync-server|media-server)/'
const tests = '\\.(test|contract|testkit)\\.tsx?$'
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, pathNot: tests },
  to: { path: ours, pathNot: [allowed, '/node_modules/'] },
})

/** In the media server a feature is every folder that is not an entrance, a port or an adapter. */
const studioFeature = '(?!(http|ports|platform)/)[^/]+/'

/** The folders of the UI, lowest first: each imports only folders before it. `pages` and `shell` meet in app.tsx. */
const uiLayers = [
  'state',
  'controls',
  'layout',
  'tracks',
  'cards',
  'queue',
  'uploads',
  'player',
  'search',
  'pages',
  'shell',
]
const uiLayerRules = uiLayers.map((layer, index) => ({
  name: 'ui-layers',
  severity: 'error',
  comment: 'a folder of the UI imports only the folders before it in uiLayers',
  from: { path: `^app/src/ui/${layer}/`, pathNot: tests },
  to: { path: '^app/src/ui/', pathNot: `^app/src/ui/(${uiLayers.slice(0, index + 1).join('|')})/` },
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
    only('crdt-is-alone', '^crdt/', '^crdt/', 'crdt/ knows no other workspace'),
    only('protocol-knows-crdt', '^protocol/', '^(protocol|crdt)/', 'protocol/ may name domain ids'),
    only(
      'processes-are-strangers',
      '^(app|sync-server|media-server)/',
      '^($1|protocol|crdt|search-index|recommender)/',
      'processes meet only in the pure workspaces',
    ),
    only('index-is-alone', '^(search-index|recommender)/', '^$1/', 'pure workspaces import nothing of ours'),
    {
      name: 'entrances-never-touch-adapters',
      severity: 'error',
      from: { path: '^[^/]+/src/(ui|http)/', pathNot: tests },
      to: { path: '^[^/]+/src/platform/' },
    },
    only('ports-are-types', '^([^/]+)/src/ports/', '^($1/src/ports|protocol|crdt)/', 'a port names no implementation'),
    only(
      'engine-is-headless',
      '^app/src/engine/',
      '^(app/src/(engine|ports)|protocol|crdt|search-index|recommender)/',
      'no React, no browser, no adapters',
    ),
    only(
      'ui-asks-the-engine',
      '^app/src/ui/',
      '^(app/src/(ui|engine)|protocol|crdt)/',
      'the UI never touches a port or adapter',
    ),
    only(
      'platform-serves-ports',
      '^([^/]+)/src/platform/',
      '^($1/src/(platform|ports)|protocol|crdt)/',
      'an adapter knows its port only',
    ),
    only(
      'features-use-ports',
      `^media-server/src/${studioFeature}`,
      `^(media-server/src/(${studioFeature}|ports/)|protocol/|crdt/|search-index/|recommender/)`,
      'only main, worker and start-media-server wire adapters',
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
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: '((main|service-worker|worker)\\.tsx?|\\.d\\.ts|\\.main\\.ts|\\.test\\.tsx?)$',
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
