#!/bin/sh
# Tests and times cuda-gan on this machine with the Node.js that lies beside this script; docs/gpu.md says how.
# Usage: ./run.sh [stage ...], where a stage is suite, bench, train, torch, kernels or sanitizer; without one, all of them.
# Environment: OUT (folder of the results), PYTHON (one with torch), QUICK=1 and DEVICE=cpu (to try this script itself).
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
case ${OUT:=$here/results} in
  /*) ;;
  *) OUT=$PWD/$OUT ;;
esac
PATH=$here/bin:$PATH
export OUT PATH
cd "$here" || exit 1
# A machine without a C++ library takes the one in this folder.
if ! node --version >/dev/null 2>&1; then
  LD_LIBRARY_PATH=$here/libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  export LD_LIBRARY_PATH
fi
exec node gpu/run.mjs "$@"
