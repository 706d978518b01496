// SPDX-License-Identifier: MIT
#include "emulator/motion.h"

#include <algorithm>

#include "emulator/elements.h"

namespace ntms::emulator {

void Motions::move(std::int64_t from, std::int64_t to, bool invert, std::int64_t at) {
  Elements elements(file_);
  const auto source = elements.at(from);
  const auto destination = elements.at(to);
  if (!source || !source->full() || !destination) return;
  if (source->extended) elements.set_extended(from, false);
  if (invert) elements.turn_over(*source->cartridge);
  // SMC-3 6.11: the source is the storage element the medium was moved from last.
  const bool from_slot = source->type == ElementType::storage;
  const auto origin = from_slot ? std::optional(source->address) : source->source;
  const bool inverted = from_slot ? invert : source->inverted != invert;
  if (source->type == ElementType::drive) elements.unload_drive(source->number, at);
  elements.clear(from);
  elements.put(to, *source->cartridge, origin, inverted, false);
  if (destination->type == ElementType::drive) {
    elements.load_drive(destination->number, at, file_.settings());
  }
  if (destination->type != ElementType::port) return;
  if (file_.geometry().move_extends()) elements.set_extended(to, true);
  if (file_.geometry().pass_through()) elements.clear(to);
}

void Motions::apply(const Motion& motion, std::int64_t at) {
  const std::int64_t transport = file_.geometry().first_transport;
  switch (motion.kind) {
    case MotionKind::none:
      return;
    case MotionKind::move:
      move(motion.source, motion.torn ? transport : motion.destination, motion.invert, at);
      return;
    case MotionKind::exchange:
      if (motion.torn) {
        move(motion.source, transport, false, at);
        return;
      }
      // Through the transport element, as second may be the source.
      move(motion.destination, transport, motion.invert_second, at);
      move(motion.source, motion.destination, motion.invert, at);
      move(transport, motion.second, false, at);
      return;
    case MotionKind::open_port:
    case MotionKind::close_port:
      Elements(file_).set_extended(motion.destination, motion.kind == MotionKind::open_port);
      return;
  }
}

Motion Motions::start(Motion motion, std::int64_t now) {
  motion.started = now;
  motion.ends = now + motion.duration;
  motion.caller = this_process();
  Connection& db = file_.db();
  db.run(
      "INSERT INTO motion (kind, source, destination, second, invert, invert_second, torn, started,"
      " ends, process, process_start) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
      static_cast<int>(motion.kind), motion.source, motion.destination, motion.second,
      motion.invert, motion.invert_second, motion.torn, motion.started, motion.ends,
      motion.caller.number, motion.caller.start);
  motion.id = db.last_insert_id();
  return motion;
}

std::optional<Motion> Motions::under_way() {
  auto row = file_.db().query(
      "SELECT id, kind, source, destination, second, invert, invert_second, torn, started, ends,"
      " process, process_start FROM motion LIMIT 1");
  if (!row.next()) return std::nullopt;
  Motion motion;
  motion.id = row.integer(0);
  motion.kind = static_cast<MotionKind>(row.integer(1));
  motion.source = row.integer(2);
  motion.destination = row.integer(3);
  motion.second = row.integer(4);
  motion.invert = row.integer(5) != 0;
  motion.invert_second = row.integer(6) != 0;
  motion.torn = row.integer(7) != 0;
  motion.started = row.integer(8);
  motion.ends = row.integer(9);
  motion.caller = {row.integer(10), row.integer(11)};
  return motion;
}

std::optional<Motion> Motions::settle(std::int64_t now) {
  auto motion = under_way();
  if (!motion) return std::nullopt;
  if (!motion->due(now)) return motion;
  file_.db().run("DELETE FROM motion WHERE id = ?", motion->id);
  const std::int64_t at = std::min(now, motion->ends);
  const std::int64_t policy = file_.settings().caller_death;
  if (policy == NTMS_EMULATOR_MOVE_FINISHES || is_alive(motion->caller)) {
    apply(*motion, at);
  } else if (policy == NTMS_EMULATOR_MOVE_STAYS_IN_TRANSPORT) {
    motion->torn = true;
    apply(*motion, at);
  }
  return std::nullopt;
}

}  // namespace ntms::emulator
