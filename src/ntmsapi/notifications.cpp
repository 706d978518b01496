// SPDX-License-Identifier: MIT
// The notification functions (functions-session 9 to 11).
#include "boundary.h"
#include "export.h"
#include "server/access.h"
#include "server/notification_channel.h"
#include "server/waiting.h"

namespace {

using ntms::fail;
using ntms::Result;
using ntms::abi::Call;
using ntms::abi::ChannelCall;
using ntms::server::Notice;
using ntms::server::NotificationChannel;

// The next change, or why there is none; nothing as long as the channel is merely empty.
std::optional<Result<Notice>> next_change(ChannelCall& call) {
  const auto taken = call.channel.take(call.database);
  if (!taken) return std::optional<Result<Notice>>(taken.error());
  if (!*taken) return std::nullopt;
  return std::optional<Result<Notice>>(**taken);
}

}  // namespace

extern "C" {

NTMS_EXPORT HANDLE WINAPI OpenNtmsNotification(HANDLE hSession, DWORD dwType) {
  HANDLE handle = INVALID_HANDLE_VALUE;
  const DWORD code =
      ntms::abi::run(hSession, "OpenNtmsNotification", [&](Call& call) -> Result<void> {
        if (auto allowed = check_computer(call.database, call.session, NTMS_USE_ACCESS); !allowed) {
          return allowed;
        }
        auto channel = NotificationChannel::open(call.database, dwType);
        if (!channel) return channel.error();
        const auto added =
            ntms::host::add_channel(ntms::abi::to_value(hSession), *std::move(channel));
        if (!added) return added.error();
        handle = ntms::abi::to_handle(*added);
        return {};
      });
  SetLastError(code);
  return handle;
}

NTMS_EXPORT DWORD WINAPI
WaitForNtmsNotification(HANDLE hNotification,
                        LPNTMS_NOTIFICATIONINFORMATION lpNotificationInformation, DWORD dwTimeout) {
  return ntms::abi::run_on_channel(
      hNotification, "WaitForNtmsNotification", [&](ChannelCall& call) -> Result<void> {
        if (lpNotificationInformation == nullptr) {
          return ntms::abi::missing("lpNotificationInformation");
        }
        const auto change = ntms::server::wait_for_answer(call.server, dwTimeout,
                                                          [&] { return next_change(call); });
        if (!change) return fail(ERROR_TIMEOUT, "no change in time");
        if (!*change) return change->error();
        lpNotificationInformation->dwOperation = (*change)->operation;
        lpNotificationInformation->ObjectId = ntms::abi::from_guid((*change)->object);
        return {};
      });
}

NTMS_EXPORT DWORD WINAPI CloseNtmsNotification(HANDLE hNotification) {
  if (hNotification == nullptr) return ERROR_INVALID_PARAMETER;
  return ntms::abi::run_bare(
      [&] { return ntms::host::close_channel(ntms::abi::to_value(hNotification)); });
}

}  // extern "C"
