// npm run rebuild-catalog: the program has its help.
import '../media-server/src/rebuild-catalog.main.ts'
