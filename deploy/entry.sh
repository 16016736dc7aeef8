#!/bin/sh
# Runs what is given, with kernels for any x86-64 processor of the last ten years (AVX2).
#
# numba compiles for the processor at hand and takes a kernel from its folder only on a processor of the same
# model with the same features. An image is built on one machine and runs on another: the first visitor would
# wait for the compiler. Where AVX2 is missing (ARM, very old machines) numba goes its own way.
set -eu
if grep -w avx2 /proc/cpuinfo | grep -w bmi2 | grep -qw fma; then
  export NUMBA_CPU_NAME=x86-64-v3 NUMBA_CPU_FEATURES=
fi
exec "$@"
