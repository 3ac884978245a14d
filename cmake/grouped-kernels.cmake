# Sets cuda_kernel_table, and grouped_kernels: a few files that include all of native/cuda/*.cu. Most of the time to
# compile a small kernel goes into the headers that all of them share. What they declare for themselves has names of its
# own for that.
file(GLOB cuda_kernels CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/native/cuda/*.cu)
set(cuda_kernel_table ${CMAKE_BINARY_DIR}/kernels/cuda.cpp)
write_kernel_table(${cuda_kernel_table} cuda_gan::cuda cuda/kernel.h ${cuda_kernels})
set(groups 6)
foreach(group RANGE 1 ${groups})
  set(lines_${group} "")
endforeach()
set(group 0)
foreach(kernel ${cuda_kernels})
  math(EXPR group "${group} % ${groups} + 1") # in turn, so that the large ones, whose names are alike, are shared out
  string(APPEND lines_${group} "#include \"${kernel}\"\n")
endforeach()
set(grouped_kernels "")
foreach(group RANGE 1 ${groups})
  set(file ${CMAKE_BINARY_DIR}/kernels/group-${group}.cu)
  file(CONFIGURE OUTPUT ${file} CONTENT "${lines_${group}}" @ONLY)
  list(APPEND grouped_kernels ${file})
endforeach()
