// SPDX-License-Identifier: MIT
#include "transport/discovery.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <string>
#include <system_error>

#include "ntms/win32_types.h"
#include "transport/blocking_thread.h"
#ifdef _WIN32
#include "transport/spti_discovery.h"
#endif
#ifdef NTMS_HAVE_SG
#include "transport/sg_discovery.h"
#endif

namespace asio = boost::asio;

namespace ntms::transport {

std::unique_ptr<Discovery> make_system_discovery() {
#ifdef _WIN32
  return std::make_unique<SptiDiscovery>(make_system_spti_control);
#elif defined(NTMS_HAVE_SG)
  return std::make_unique<SgDiscovery>(make_system_sg_control);
#else
  return nullptr;
#endif
}

std::string glimpse_of_system_devices() {
  const auto discovery = make_system_discovery();
  return discovery == nullptr ? std::string() : discovery->glimpse();
}

asio::awaitable<Result<std::vector<FoundDevice>>> find_system_devices(DeviceKind kind) {
  const auto discovery = make_system_discovery();
  if (discovery == nullptr) co_return std::vector<FoundDevice>{};
  BlockingThread thread;
  std::optional<BlockingThread::Executor> executor;
  std::string trouble;
  try {
    executor = thread.executor();
  } catch (const std::system_error& error) {
    trouble = error.what();
  }
  if (!executor) {
    co_return fail(ERROR_NOT_ENOUGH_MEMORY, "no thread to look for devices on: " + trouble);
  }
  // No capture: a coroutine's lambda may be gone before its frame.
  auto work = [](Discovery& finder,
                 DeviceKind wanted) -> asio::awaitable<std::vector<FoundDevice>> {
    co_return finder.find(wanted);
  };
  co_return co_await asio::co_spawn(*executor, work(*discovery, kind), asio::use_awaitable);
}

}  // namespace ntms::transport
