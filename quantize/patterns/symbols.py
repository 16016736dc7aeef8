"""Signs that tell up to 256 entries apart, in print and without colours.

All are in the font that comes along, and no two look alike: drawn as large as a chart draws them, on 24 × 24
pixels and a little blurred, every two differ by more than 2.6 (the root of the summed squares; black is 1),
so that O, 0 and I, l, 1 are not there. Those that one knows best come first.
"""

SYMBOLS = (
    "●■▲◆★♥♣♠▼○□△◇☆▽◐◑◒◓▶◀⊕⊗⊙⊞⊠⊡◧◨◩◪▷◁◈◉◎▣▰▱◢◣◤◥◖◗ABCDEGHJKLMNPQRSTUV"
    "WXYZ234679+×=#%&@!$£€§<>≡∑√∂∩∪∧∨→↓←↗↘↙↖⇑bdefkmqrzΓΔΘΞΠΦΨΩαβλμπφω"
    "ДЖИЛЦЧШЩЪЫЭЮЯЂЉЊҖҼӁӔ☀☁☂☎☑☘☮☯☹♀♂♃♄♅♆♈♉♊♋♌♍♎♏♐♑♓♔♖♚♛♜♝♞♪♫♬♯♻⚀⚃⚐⚑⚒⚓"
    "⚖⚗⚘⚙⚜⊂⊃⊆⊇∈∋⊢⊣⊥⋈∵≤≥±∓∠⋯⋱⇄⇅↯↺↻↰↱↲↴↵↶↷⇞▤▥▦▬▮◍◔◕◘◙◚◛◞◠◡◭◮◸◹◺◿ÐÞßæðŁŒ"
)
