"""Many visitors at once, without a browser: fifty Chromiums would not fit on the machine that is measured.

A visitor speaks Streamlit's own protocol: protobuf messages over its WebSocket, uploads and downloads over
HTTP, as the page's JavaScript does. What a browser does with what it receives is left out.
"""
