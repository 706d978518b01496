// SPDX-License-Identifier: MIT
#include "runtime/log.h"

#include <spdlog/common.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>

#include "platform/system.h"
#include "runtime/events.h"

namespace ntms::runtime {

Log open_log(const std::filesystem::path& directory) {
  constexpr std::size_t kFileSize = 5 << 20;
  constexpr std::size_t kFiles = 3;
  spdlog::sink_ptr sink;
  try {
    sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>((directory / "ntms.log").native(),
                                                                  kFileSize, kFiles);
  } catch (const spdlog::spdlog_ex&) {
    sink = std::make_shared<spdlog::sinks::null_sink_mt>();
  }
  auto log = std::make_shared<spdlog::logger>("ntms", std::move(sink));
  // A guest in a foreign program has no standard error: a full disk must not make it speak there.
  log->set_error_handler([](const std::string&) {});
  log->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %P %l %v");
  const auto level = platform::environment("NTMS_LOG");
  log->set_level(level ? spdlog::level::from_str(*level) : spdlog::level::info);
  log->flush_on(spdlog::level::info);
  if (auto events = system_event_log()) log->sinks().push_back(std::move(events));
  return log;
}

}  // namespace ntms::runtime
