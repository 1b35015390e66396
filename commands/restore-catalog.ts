// npm run restore-catalog: the program has its help.
import '../media-server/src/restore-catalog.main.ts'
