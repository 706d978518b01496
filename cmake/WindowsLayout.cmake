# The release for Windows as a folder of the build tree: build/ntmsapi-<version>-windows/{x64,x86},
# each with what is put beside a program (DLLs, rsm.exe) and what building against it takes (import
# library, headers, lists of the exports). Windows only; part of the default target.
if(NOT WIN32 OR NOT TARGET rsm)
  return()
endif()
if(CMAKE_SIZEOF_VOID_P EQUAL 4)
  set(_architecture x86)
  set(_exports ${PROJECT_SOURCE_DIR}/src/ntmsapi/ntmsapi_x86.def)
else()
  set(_architecture x64)
  set(_exports ${PROJECT_SOURCE_DIR}/src/ntmsapi/ntmsapi.def)
endif()
set(NTMS_WINDOWS_RELEASE ${PROJECT_BINARY_DIR}/../ntmsapi-${PROJECT_VERSION}-windows)
cmake_path(NORMAL_PATH NTMS_WINDOWS_RELEASE)
set(_folder ${NTMS_WINDOWS_RELEASE}/${_architecture})
add_custom_target(windows_release ALL
  COMMAND ${CMAKE_COMMAND} -E make_directory ${_folder}/include/ntms
  COMMAND ${CMAKE_COMMAND} -E copy_if_different $<TARGET_FILE:ntmsapi> $<TARGET_FILE:ntmsemulator>
    $<TARGET_FILE:rsm> $<TARGET_LINKER_FILE:ntmsapi> $<TARGET_LINKER_FILE:ntmsemulator>
    ${PROJECT_SOURCE_DIR}/LICENSE ${_folder}
  COMMAND ${CMAKE_COMMAND} -E copy_if_different ${_exports} ${_folder}/ntmsapi.def
  COMMAND ${CMAKE_COMMAND} -E copy_if_different ${PROJECT_SOURCE_DIR}/include/ntmsapi.h
    ${PROJECT_SOURCE_DIR}/include/ntmsmli.h ${_folder}/include
  COMMAND ${CMAKE_COMMAND} -E copy_if_different ${PROJECT_SOURCE_DIR}/include/ntms/win32_types.h
    ${PROJECT_SOURCE_DIR}/include/ntms/emulator.h ${_folder}/include/ntms
  COMMENT "Laying out ${_folder}" VERBATIM)
