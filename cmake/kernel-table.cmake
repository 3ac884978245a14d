# The table by which a device finds the kernel of an instruction, made of the names of its files: batch-norm.cpp holds the
# function batchNorm, the kernel of the op of that name. Writes `out`, which declares all of them and defines kernels()
# in `namespace`; `header` says what a Kernel is.
function(write_kernel_table out namespace header)
  set(declarations "")
  set(entries "")
  foreach(file ${ARGN})
    get_filename_component(name ${file} NAME_WE)
    string(REGEX MATCHALL "-." letters "${name}")
    foreach(letter ${letters})
      string(SUBSTRING ${letter} 1 1 initial)
      string(TOUPPER ${initial} initial)
      string(REPLACE ${letter} ${initial} name ${name})
    endforeach()
    string(APPEND declarations "Kernel ${name}(const Instruction& op, const Context& context);\n")
    string(APPEND entries "      {\"${name}\", KernelFactory{${name}}},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT [[
// Made by cmake/kernel-table.cmake.
#include "@header@"

namespace @namespace@ {

@declarations@
const KernelTable& kernels() {
  static const KernelTable table = {
@entries@  };
  return table;
}

}  // namespace @namespace@
]])
endfunction()
