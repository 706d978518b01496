# SQLite is built from the unmodified official amalgamation, pinned by its hash, on every platform:
# versions 3.7.0 to 3.51.2 can lose a WAL commit, and there is no mingw package.
# -DNTMS_SQLITE_DIR=<folder with sqlite3.c and sqlite3.h> uses a copy at hand
# (cmake/fetch-sqlite.sh makes one); otherwise it is downloaded from sqlite.org.
set(NTMS_SQLITE_DIR "" CACHE PATH "Folder of an unpacked SQLite amalgamation, version 3.53.4")
set(NTMS_SQLITE_SHA256 b1dd5d74ec7f29055a6684fa06fb3c2f6821c87dd38f9a458dfd2e8a1db28189)

if(NOT NTMS_SQLITE_DIR AND EXISTS ${PROJECT_SOURCE_DIR}/build/sqlite/sqlite3.c)
  set(NTMS_SQLITE_DIR ${PROJECT_SOURCE_DIR}/build/sqlite)
endif()
if(NTMS_SQLITE_DIR)
  set(_sqlite_dir ${NTMS_SQLITE_DIR})
else()
  include(FetchContent)
  FetchContent_Declare(sqlite3 URL https://sqlite.org/2026/sqlite-amalgamation-3530400.zip
    URL_HASH SHA3_256=628a44cfe82c66aed1ccbbe85a562d2e33ebe64b3288981ed76285612227934e)
  FetchContent_MakeAvailable(sqlite3)
  set(_sqlite_dir ${sqlite3_SOURCE_DIR})
endif()
file(SHA256 ${_sqlite_dir}/sqlite3.c _sqlite_hash)
if(NOT _sqlite_hash STREQUAL NTMS_SQLITE_SHA256)
  message(FATAL_ERROR "${_sqlite_dir}/sqlite3.c is not the pinned SQLite 3.53.4 (${_sqlite_hash})")
endif()

add_library(ntms_sqlite STATIC ${_sqlite_dir}/sqlite3.c)
target_include_directories(ntms_sqlite SYSTEM PUBLIC ${_sqlite_dir})
target_compile_definitions(ntms_sqlite PRIVATE SQLITE_THREADSAFE=1 SQLITE_OMIT_LOAD_EXTENSION
  SQLITE_DQS=0 SQLITE_DEFAULT_MEMSTATUS=0 SQLITE_OMIT_DEPRECATED SQLITE_OMIT_SHARED_CACHE
  SQLITE_LIKE_DOESNT_MATCH_BLOBS SQLITE_MAX_EXPR_DEPTH=0 SQLITE_USE_ALLOCA
  # What nothing here uses.
  SQLITE_OMIT_JSON SQLITE_OMIT_DECLTYPE SQLITE_OMIT_PROGRESS_CALLBACK SQLITE_OMIT_GET_TABLE
  SQLITE_OMIT_TCL_VARIABLE SQLITE_OMIT_COMPLETE SQLITE_OMIT_TRACE SQLITE_OMIT_INTROSPECTION_PRAGMAS
  SQLITE_OMIT_DESERIALIZE SQLITE_OMIT_INCRBLOB SQLITE_OMIT_AUTHORIZATION)
if(MINGW AND CMAKE_SIZEOF_VOID_P EQUAL 4)
  # No exception passes through it, and its tables would be a tenth of a megabyte.
  target_compile_options(ntms_sqlite PRIVATE -fno-asynchronous-unwind-tables -fno-unwind-tables)
endif()
if(UNIX)
  # A commit appends to the log: its times in the directory need not reach the disk.
  target_compile_definitions(ntms_sqlite PRIVATE HAVE_FDATASYNC=1)
endif()
target_compile_options(ntms_sqlite PRIVATE -w)
if(NOT WIN32)
  target_compile_options(ntms_sqlite PRIVATE -O2)  # also where the rest is not optimised
endif()
target_link_libraries(ntms_sqlite PUBLIC Threads::Threads ${CMAKE_DL_LIBS})
