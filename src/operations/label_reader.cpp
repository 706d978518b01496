// SPDX-License-Identifier: MIT
#include "operations/label_reader.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <system_error>

#include "device/tape.h"
#include "labels/recognition.h"

namespace ntms::operations {
namespace asio = boost::asio;
using Found = std::optional<labels::Label>;

asio::awaitable<Result<Found>> LabelReader::read(device::Drive& drive, runtime::Log log,
                                                 std::string name) {
  constexpr std::size_t kMost = 16 * 1024 * 1024 - 1;  // of one READ(6)
  const auto limit = static_cast<std::uint32_t>(std::min(libraries_.wanted_bytes(), kMost));
  const auto block = co_await device::read_first_block(drive, limit);
  if (!block) co_return block.error();
  if (!*block) co_return Found{};
  const labels::Report report = [&](const std::string& words) { log->warn("{}: {}", name, words); };
  // The formats known here are quickly told; foreign code may take as long as it is allowed to.
  if (libraries_.size() == 0) co_return labels::recognize(**block, libraries_, report);
  std::optional<transport::BlockingThread::Executor> executor;
  try {
    executor = thread_.executor();
  } catch (const std::system_error& error) {
    log->warn("{}: no thread for the media label libraries: {}", name, error.what());
  }
  if (!executor) co_return labels::recognize(**block, labels::LabelLibraries(), report);
  // No capture: a coroutine's lambda may be gone before its frame. This frame outlives that one.
  auto work = [](labels::Block bytes, const labels::LabelLibraries& libraries,
                 const labels::Report& words) -> asio::awaitable<Found> {
    co_return labels::recognize(bytes, libraries, words);
  };
  co_return co_await asio::co_spawn(*executor, work(**block, libraries_, report),
                                    asio::use_awaitable);
}

}  // namespace ntms::operations
