# Toolchain file: 64-bit Windows, built on Debian with mingw-w64.
set(NTMS_MINGW x86_64-w64-mingw32)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
include(${CMAKE_CURRENT_LIST_DIR}/mingw.cmake)
