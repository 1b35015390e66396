/** The cover of the demo album: a house between sound waves at dusk. */
export const demoCoverSvg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="1200" viewBox="0 0 1200 1200">
  <defs>
    <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#1d2547"/><stop offset="0.55" stop-color="#5b3a63"/><stop offset="1" stop-color="#e08a5b"/>
    </linearGradient>
    <linearGradient id="ground" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#2a2238"/><stop offset="1" stop-color="#16131f"/></linearGradient>
  </defs>
  <rect width="1200" height="1200" fill="url(#sky)"/>
  <circle cx="880" cy="300" r="86" fill="#f7e3bd"/>
  <path d="M0 905 Q300 830 620 885 T1200 850 V1200 H0 Z" fill="url(#ground)"/>
  <g fill="none" stroke="#f6d9a8" stroke-linecap="round" stroke-width="26">
    <path d="M330 470 Q250 620 330 770"/><path d="M232 400 Q108 620 232 840" opacity="0.65"/><path d="M134 330 Q-34 620 134 910" opacity="0.35"/>
    <path d="M870 470 Q950 620 870 770"/><path d="M968 400 Q1092 620 968 840" opacity="0.65"/><path d="M1066 330 Q1234 620 1066 910" opacity="0.35"/>
  </g>
  <path d="M600 390 L800 560 V800 Q800 820 780 820 H420 Q400 820 400 800 V560 Z" fill="#f3ead9"/>
  <path d="M600 372 L826 566" stroke="#b4553a" stroke-width="40" stroke-linecap="round"/><path d="M600 372 L374 566" stroke="#b4553a" stroke-width="40" stroke-linecap="round"/>
  <path d="M560 820 V690 Q560 650 600 650 Q640 650 640 690 V820 Z" fill="#4a3657"/>
  <rect x="446" y="610" width="76" height="84" rx="10" fill="#f2b44b"/><rect x="678" y="610" width="76" height="84" rx="10" fill="#f2b44b"/>
</svg>`
