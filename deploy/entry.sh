#!/bin/sh
# Runs what is given, with what depends on the machine that it runs on.
set -eu

# numba compiles for the processor at hand and takes a kernel from its folder only on a processor of the same
# model with the same features. An image is built on one machine and runs on another, where the first visitor
# would wait for the compiler. So: kernels for any x86-64 processor of the last ten years (AVX2), which costs
# nothing to a fifth of the speed. Where that is missing (ARM, very old machines) numba goes its own way.
if grep -w avx2 /proc/cpuinfo | grep -w bmi2 | grep -qw fma; then
  export NUMBA_CPU_NAME=x86-64-v3 NUMBA_CPU_FEATURES=
fi

# Hugging Face shows a Space in a frame on its own site. Browsers keep Streamlit's cookie from there, and every
# upload would be refused. Nobody is logged in here, and an upload's address holds the session's random id.
if [ -n "${SPACE_ID:-}" ]; then
  export QUANTIZE_FRAME_ANCESTORS="${QUANTIZE_FRAME_ANCESTORS:-https://huggingface.co}"
  export QUANTIZE_URL="${QUANTIZE_URL:-https://${SPACE_HOST:-}}"
  export STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION=false
fi

exec "$@"
