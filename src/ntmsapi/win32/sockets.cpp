// SPDX-License-Identifier: MIT
// Keeps Asio from starting the sockets of Windows while the DLL is being loaded, where that is not
// allowed. Whoever uses sockets starts them (platform/win32/wake.cpp).
#include <boost/asio/detail/winsock_init.hpp>

// Must be there before Asio's own objects of static storage, in whatever file they are.
#ifdef _MSC_VER
#pragma warning(disable : 4073)
#pragma init_seg(lib)
#define NTMS_FIRST
#else
#define NTMS_FIRST __attribute__((init_priority(101)))
#endif

static boost::asio::detail::winsock_init<>::manual sockets_are_started_by_hand NTMS_FIRST;
