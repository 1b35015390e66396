// npm run scrub: the program has its help.
import '../media-server/src/scrub.main.ts'
