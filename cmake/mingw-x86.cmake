# Toolchain file: 32-bit Windows, built on Debian with mingw-w64.
set(NTMS_MINGW i686-w64-mingw32)
set(CMAKE_SYSTEM_PROCESSOR x86)
include(${CMAKE_CURRENT_LIST_DIR}/mingw.cmake)
