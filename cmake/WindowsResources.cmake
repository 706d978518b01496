# What Windows shows about a file and reads out of it beside its code. Nothing on other systems.
if(WIN32)
  enable_language(RC)
endif()

# ntms_version_resource(<target> <description> [MANIFEST <file>] [MESSAGES <file>]): version
# information for a program or DLL; a program's manifest; the texts of events (a message compiler's
# file), which the event viewer looks up in it.
function(ntms_version_resource target description)
  if(NOT WIN32)
    return()
  endif()
  cmake_parse_arguments(arg "" "MANIFEST;MESSAGES" "" ${ARGN})
  get_target_property(type ${target} TYPE)
  set(NTMS_RC_NAME ${target})
  set(NTMS_RC_DESCRIPTION ${description})
  if(type STREQUAL "EXECUTABLE")
    set(NTMS_RC_TYPE VFT_APP)
    set(NTMS_RC_FILE ${target}.exe)
  else()
    set(NTMS_RC_TYPE VFT_DLL)
    set(NTMS_RC_FILE ${target}.dll)
  endif()
  set(NTMS_RC_MORE "")
  if(arg_MANIFEST)
    string(APPEND NTMS_RC_MORE "\n1 24 \"${arg_MANIFEST}\"\n")
  endif()
  if(arg_MESSAGES)
    get_filename_component(name ${arg_MESSAGES} NAME_WE)
    set(compiled ${CMAKE_CURRENT_BINARY_DIR}/${name}.rc)
    find_program(NTMS_MESSAGE_COMPILER NAMES ${NTMS_MINGW}-windmc windmc mc REQUIRED)
    set(encoding "")
    if(NOT MINGW)
      set(encoding -u)
    endif()
    add_custom_command(OUTPUT ${compiled}
      COMMAND ${NTMS_MESSAGE_COMPILER} ${encoding} -h ${CMAKE_CURRENT_BINARY_DIR}
        -r ${CMAKE_CURRENT_BINARY_DIR} ${arg_MESSAGES}
      DEPENDS ${arg_MESSAGES} COMMENT "Compiling the texts of events" VERBATIM)
    target_sources(${target} PRIVATE ${compiled})
  endif()
  configure_file(${PROJECT_SOURCE_DIR}/cmake/version.rc.in
    ${CMAKE_CURRENT_BINARY_DIR}/${target}_version.rc @ONLY)
  target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${target}_version.rc)
endfunction()
