# What every target of the project is built with, and the two ways to declare one.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(NTMS_CCACHE ccache)
if(NTMS_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${NTMS_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${NTMS_CCACHE})
endif()

find_package(Threads REQUIRED)

# Include paths and warnings; every target of ours links it.
add_library(ntms_options INTERFACE)
target_include_directories(ntms_options INTERFACE
  ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(ntms_options INTERFACE Threads::Threads)
if(WIN32)
  # Windows 7 and later; <windows.h> without its rarer parts and without its macros min and max.
  add_compile_definitions(_WIN32_WINNT=0x0601 WINVER=0x0601 WIN32_LEAN_AND_MEAN NOMINMAX)
endif()
if(MINGW)
  # Neither programs nor DLLs need the compiler's own DLLs; what nobody uses is left out.
  add_link_options(-static -Wl,--gc-sections $<$<CONFIG:Release>:-s>)
endif()
if(MSVC)
  target_compile_options(ntms_options INTERFACE /W4 $<$<BOOL:${NTMS_WERROR}>:/WX>)
else()
  target_compile_options(ntms_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow
    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> $<$<BOOL:${NTMS_WERROR}>:-Werror>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 takes the allocator of coroutine frames for a mismatch, and Asio's fences for races.
    target_compile_options(ntms_options INTERFACE
      $<$<COMPILE_LANGUAGE:CXX>:-Wno-mismatched-new-delete> -Wno-tsan
      # At -O3 its flow analysis raises false alarms inside the standard library; other builds have them.
      "$<$<CONFIG:Release>:-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread>"
      "$<$<CONFIG:Release>:-Wno-array-bounds;-Wno-maybe-uninitialized>")
  endif()
endif()
if(NTMS_SANITIZE)
  add_compile_options(-fsanitize=${NTMS_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${NTMS_SANITIZE})
  if(NTMS_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()

# ntms_layer(<name> SOURCES ... [DEPENDS ...]): one layer of src/ as a static library ntms_<name>.
function(ntms_layer name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(ntms_${name} STATIC ${arg_SOURCES})
  target_link_libraries(ntms_${name} PUBLIC ntms_options ${arg_DEPENDS})
endfunction()
