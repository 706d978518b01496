// SPDX-License-Identifier: MIT
#include "operations/drive_access.h"

#include <algorithm>

#include "operations/eject_support.h"

namespace ntms::operations {
namespace asio = boost::asio;

namespace {

enum class Reach { yes, not_yet, unknown };

bool any_in_reach(const std::vector<scsi::ElementStatus>& elements) {
  return std::any_of(elements.begin(), elements.end(),
                     [](const scsi::ElementStatus& element) { return element.access; });
}

// What the changer shows now. The caller holds the arm.
asio::awaitable<Reach> look(LibraryContext& context, std::uint16_t element) {
  const auto drives = co_await read_patiently(context, scsi::ElementType::data_transfer);
  if (!drives) co_return Reach::unknown;
  const auto* drive = element_at(*drives, element);
  if (drive == nullptr || !drive->full) co_return Reach::unknown;
  if (drive->access) co_return Reach::yes;
  if (any_in_reach(*drives)) co_return Reach::not_yet;
  // Does it ever tell?
  const auto& slots = context.changer->geometry().of(scsi::ElementType::storage);
  if (slots.count == 0) co_return Reach::unknown;
  const auto first =
      co_await read_patiently(context, scsi::ElementType::storage, only(slots.first));
  co_return first&& any_in_reach(*first) ? Reach::not_yet : Reach::unknown;
}

}  // namespace

asio::awaitable<void> wait_for_access(LibraryContext& context, std::uint16_t element,
                                      bool holds_arm) {
  constexpr int kLooks = 20;
  runtime::Signal pause(context.executor, context.clock);
  for (int looks = 1; !context.stopping; ++looks) {
    runtime::AsyncMutex::Guard arm;
    if (!holds_arm) arm = co_await context.arm.lock();
    const Reach reach = co_await look(context, element);
    arm.release();
    if (reach != Reach::not_yet) co_return;
    if (looks == kLooks) {
      context.log->info(
          "{}: the drive at element {} stays out of reach; its cartridge is moved all the same",
          context.name, element);
      co_return;
    }
    co_await pause.wait({}, context.poll_interval());
  }
}

}  // namespace ntms::operations
