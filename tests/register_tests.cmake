# register_tests(<program> LABEL <label> TIMEOUT <seconds> [SHARDS <number>]): the tests of a GoogleTest
# program as tests for ctest, each with this limit. On Windows, where starting a program for each of
# them takes longer than most of them, the program as a whole, or in so many parts; its suites Child and
# ChildProgram are what its tests run in other processes.
function(register_tests program)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT;SHARDS" "" ${ARGN})
  if(NOT WIN32)
    gtest_discover_tests(${program} TEST_PREFIX "${arg_LABEL}." DISCOVERY_MODE PRE_TEST
      PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS ${arg_LABEL})
    return()
  endif()
  if(NOT arg_SHARDS)
    set(arg_SHARDS 1)
  endif()
  math(EXPR last "${arg_SHARDS} - 1")
  foreach(shard RANGE ${last})
    set(name ${arg_LABEL}.${program})
    if(arg_SHARDS GREATER 1)
      string(APPEND name .${shard})
    endif()
    add_test(NAME ${name} COMMAND ${program} --gtest_filter=-Child.*:ChildProgram.*)
    set_tests_properties(${name} PROPERTIES TIMEOUT 900 LABELS ${arg_LABEL}
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${arg_SHARDS};GTEST_SHARD_INDEX=${shard}"
      FAIL_REGULAR_EXPRESSION "Running 0 tests;\\[  SKIPPED \\]")
  endforeach()
endfunction()
