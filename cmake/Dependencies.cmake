# Third-party libraries, all from the distribution (docs/dependencies.md says what each is for).
if(CMAKE_CROSSCOMPILING)
  include(StageHeaders)
else()
  find_package(Boost 1.81 REQUIRED)
  find_package(spdlog REQUIRED)
endif()
if(NOT WIN32)  # libiscsi is for POSIX systems
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(LIBISCSI REQUIRED IMPORTED_TARGET libiscsi)
endif()

# Boost, header-only, and spdlog, compiled in src/runtime, so that the shared library needs neither
# at run time.
add_library(ntms_thirdparty INTERFACE)
if(CMAKE_CROSSCOMPILING)
  target_include_directories(ntms_thirdparty SYSTEM INTERFACE ${NTMS_STAGED_HEADERS})
else()
  target_include_directories(ntms_thirdparty SYSTEM INTERFACE ${Boost_INCLUDE_DIRS})
  get_target_property(_spdlog_inc spdlog::spdlog INTERFACE_INCLUDE_DIRECTORIES)
  if(_spdlog_inc)
    target_include_directories(ntms_thirdparty SYSTEM INTERFACE ${_spdlog_inc})
  endif()
endif()
target_compile_definitions(ntms_thirdparty INTERFACE
  FMT_HEADER_ONLY=1 SPDLOG_FMT_EXTERNAL=1 SPDLOG_COMPILED_LIB=1
  BOOST_ALL_NO_LIB BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_DATE_TIME)
target_link_libraries(ntms_thirdparty INTERFACE Threads::Threads)
if(WIN32)
  # Sockets for Asio, random numbers for Boost.Uuid.
  target_link_libraries(ntms_thirdparty INTERFACE ws2_32 mswsock bcrypt)
endif()
