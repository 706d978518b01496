# What the toolchain files for mingw-w64 share. They set NTMS_MINGW to the compilers' prefix. The
# compilers are those with POSIX threads: the others have no std::thread.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_C_COMPILER ${NTMS_MINGW}-gcc-posix)
set(CMAKE_CXX_COMPILER ${NTMS_MINGW}-g++-posix)
set(CMAKE_RC_COMPILER ${NTMS_MINGW}-windres)
set(CMAKE_FIND_ROOT_PATH /usr/${NTMS_MINGW})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_CURRENT_LIST_DIR}/run-in-wine.sh)
