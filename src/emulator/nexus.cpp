// SPDX-License-Identifier: MIT
#include "emulator/nexus.h"

namespace ntms::emulator {

std::int64_t Nexuses::initiator(std::string_view name) {
  {
    auto row = db_.query("SELECT id FROM initiator WHERE name = ?", name);
    if (row.next()) return row.integer(0);
  }
  db_.run("INSERT INTO initiator (name) VALUES (?)", name);
  return db_.last_insert_id();
}

void Nexuses::meet(std::int64_t initiator, unsigned lun, std::int64_t now) {
  {
    auto row = db_.query("SELECT 1 FROM nexus WHERE initiator = ? AND lun = ?", initiator, lun);
    if (row.next()) return;
  }
  db_.run("INSERT INTO nexus (initiator, lun) VALUES (?, ?)", initiator, lun);
  db_.run("INSERT INTO attention (initiator, lun, asc, ascq, due) VALUES (?, ?, ?, ?, ?)",
          initiator, lun, attention::kPowerOn.asc, attention::kPowerOn.ascq, now);
}

std::optional<Attention> Nexuses::take(std::int64_t initiator, unsigned lun, std::int64_t now) {
  std::int64_t sequence = 0;
  Attention found;
  {
    auto row = db_.query(
        "SELECT sequence, asc, ascq FROM attention WHERE initiator = ? AND lun = ? AND due <= ?"
        " ORDER BY sequence LIMIT 1",
        initiator, lun, now);
    if (!row.next()) return std::nullopt;
    sequence = row.integer(0);
    found.asc = static_cast<std::uint8_t>(row.integer(1));
    found.ascq = static_cast<std::uint8_t>(row.integer(2));
  }
  db_.run("DELETE FROM attention WHERE sequence = ?", sequence);
  return found;
}

void Nexuses::raise_for_all(unsigned lun, Attention attention, std::int64_t due,
                            std::int64_t except) {
  db_.run(
      "INSERT INTO attention (initiator, lun, asc, ascq, due)"
      " SELECT n.initiator, n.lun, ?2, ?3, ?4 FROM nexus n WHERE n.lun = ?1 AND n.initiator <> ?5"
      " AND NOT EXISTS (SELECT 1 FROM attention a WHERE a.initiator = n.initiator"
      "   AND a.lun = n.lun AND a.asc = ?2 AND a.ascq = ?3 AND a.due <= ?4)",
      lun, attention.asc, attention.ascq, due, except);
}

void Nexuses::withdraw(unsigned lun, Attention attention) {
  db_.run("DELETE FROM attention WHERE lun = ? AND asc = ? AND ascq = ?", lun, attention.asc,
          attention.ascq);
}

void Nexuses::set_prevents(std::int64_t initiator, unsigned lun, bool prevents) {
  db_.run("UPDATE nexus SET prevents = ? WHERE initiator = ? AND lun = ?", prevents, initiator,
          lun);
}

bool Nexuses::prevented(unsigned lun) {
  auto row = db_.query("SELECT 1 FROM nexus WHERE lun = ? AND prevents <> 0 LIMIT 1", lun);
  return row.next();
}

std::optional<std::int64_t> Nexuses::reservation(unsigned lun) {
  auto row = db_.query("SELECT initiator FROM reservation WHERE lun = ?", lun);
  if (!row.next()) return std::nullopt;
  return row.integer(0);
}

void Nexuses::reserve(unsigned lun, std::int64_t initiator) {
  db_.run("INSERT OR REPLACE INTO reservation (lun, initiator) VALUES (?, ?)", lun, initiator);
}

void Nexuses::release(unsigned lun) {
  db_.run("DELETE FROM reservation WHERE lun = ?", lun);
}

}  // namespace ntms::emulator
