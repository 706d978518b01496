// SPDX-License-Identifier: MIT
#include "operations/transfer.h"

#include "operations/doors.h"
#include "operations/drive_health.h"
#include "operations/eject_support.h"
#include "operations/sides.h"

namespace ntms::operations {
namespace asio = boost::asio;

namespace {

using Elements = Result<std::vector<scsi::ElementStatus>>;

}  // namespace

asio::awaitable<Result<void>> straighten(LibraryContext& context, const scsi::ElementStatus& slot) {
  const auto turned = co_await context.changer->move(slot.address, slot.address, true);
  if (turned.ok()) co_return Result<void>{};
  context.log->warn("{}: turning {} over in element {}: {}", context.name, slot.volume_tag,
                    slot.address, turned.words);
  co_return device::to_error(turned);
}

bool must_turn(const LibraryContext& context, const scsi::ElementStatus& source,
               scsi::ElementType to, SideUp side) {
  const bool to_drive = to == scsi::ElementType::data_transfer;
  const bool wanted = to_drive && side.wanted != 0;
  if (source.type == scsi::ElementType::storage) {
    return wanted && context.changer->turns_media();  // straight: see transfer()
  }
  return context.changer->turns_media() && is_turned(context, source, side.believed) != wanted;
}

asio::awaitable<TransferEnd> transfer(LibraryContext& context, Place from, Place to,
                                      const std::string& bar_code, SideUp side) {
  TransferEnd end;
  if (!co_await may_move(context)) {
    end.where = Whereabouts::source;
    end.blocked = true;
    end.why_not = Error(ERROR_DEVICE_NOT_AVAILABLE, "the library is open");
    co_return end;
  }
  const Elements before = co_await read_patiently(context, from.type, only(from.address));
  if (!before) {
    end.why_not = before.error();
    co_return end;
  }
  const auto* holder = element_at(*before, from.address);
  if (holder == nullptr || !may_be(*holder, bar_code)) {
    end.where = Whereabouts::not_there;
    end.why_not = Error(ERROR_EMPTY, "the cartridge is not where it was believed to be");
    co_return end;
  }
  end.bar_code = holder->volume_tag;
  const bool to_drive = to.type == scsi::ElementType::data_transfer;
  if (to_drive && from.type == scsi::ElementType::storage &&
      (side.turned || is_turned(context, *holder, 0))) {
    if (const auto straight = co_await straighten(context, *holder); !straight) {
      end.where = Whereabouts::source;
      end.why_not = straight.error();
      end.blocked = co_await is_blocked(context);
      co_return end;
    }
  }
  const bool turn = must_turn(context, *holder, to.type, side);
  const auto moved = co_await context.changer->move(from.address, to.address, turn);
  if (!moved.ok()) {
    context.log->warn("{}: moving {} from element {} to {}: {}", context.name, end.bar_code,
                      from.address, to.address, moved.words);
    end.why_not = device::to_error(moved);
    note_move_trouble(context, from.address, to.address, moved);
  }
  const Elements sources = co_await read_patiently(context, from.type, only(from.address));
  if (!sources) {
    end.why_not = sources.error();
    co_return end;
  }
  const Elements targets = co_await read_patiently(context, to.type, only(to.address));
  if (!targets) {
    end.why_not = targets.error();
    co_return end;
  }
  const auto* source = element_at(*sources, from.address);
  const auto* target = element_at(*targets, to.address);
  const bool left = source == nullptr || !source->full;
  if (target != nullptr && may_be(*target, end.bar_code) &&
      (left || (!end.bar_code.empty() && target->volume_tag == end.bar_code))) {
    end.where = Whereabouts::target;
    end.why_not = Error{};
    if (to_drive) end.side_up = is_turned(context, *target, side.wanted) ? 1 : 0;
    co_return end;
  }
  end.where = left ? Whereabouts::nowhere : Whereabouts::source;
  if (moved.ok()) {
    end.why_not = Error(ERROR_MEDIUM_NOT_ACCESSIBLE,
                        "the robot reported success but did not move the cartridge");
  } else if (end.where == Whereabouts::source) {
    end.blocked = co_await is_blocked(context);
  }
  co_return end;
}

}  // namespace ntms::operations
