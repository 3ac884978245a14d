# node_addon(<target>): makes a module library an addon of Node.js, which is a file .node that finds Node-API in the
# process that loads it. Nothing of the C++ library is needed on Windows; on Linux and macOS it is the system's.
find_package(Threads REQUIRED)
function(node_addon target)
  set_target_properties(${target} PROPERTIES PREFIX "" SUFFIX ".node")
  target_include_directories(${target} PRIVATE ${CMAKE_JS_INC})
  target_compile_definitions(${target} PRIVATE NAPI_VERSION=8 NAPI_CPP_EXCEPTIONS
                             # In a worker thread that is being terminated, nothing can be thrown to JavaScript.
                             NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS)
  target_link_libraries(${target} PRIVATE Threads::Threads ${CMAKE_DL_LIBS})
  if(APPLE)
    target_link_options(${target} PRIVATE -undefined dynamic_lookup -Wl,-dead_strip)
  elseif(WIN32)
    target_link_options(${target} PRIVATE -static -Wl,--gc-sections)
    link_node_exe(${target})
  else()
    target_link_options(${target} PRIVATE -Wl,--exclude-libs,ALL -Wl,--gc-sections)
  endif()
endfunction()

# Windows wants to know at link time who has a function: node-api-headers lists those of node.exe.
function(link_node_exe target)
  foreach(folder ${CMAKE_JS_INC})
    if(EXISTS ${folder}/../def/node_api.def)
      set(definitions ${folder}/../def)
    endif()
  endforeach()
  if(NOT CMAKE_DLLTOOL OR NOT definitions)
    message(FATAL_ERROR "dlltool, which comes with the compiler, and the definitions of node-api-headers are needed; "
                        "found were \"${CMAKE_DLLTOOL}\" and \"${definitions}\"")
  endif()
  foreach(name js_native_api node_api)
    set(library ${CMAKE_BINARY_DIR}/lib${name}.a)
    execute_process(COMMAND ${CMAKE_DLLTOOL} -m i386:x86-64 -d ${definitions}/${name}.def -l ${library}
                    COMMAND_ERROR_IS_FATAL ANY)
    target_link_libraries(${target} PRIVATE ${library})
  endforeach()
endfunction()
