// SPDX-License-Identifier: MIT
// The command line of one subcommand, taken apart by the rules of the original tool: a switch and
// its value are written together (/t50), switches may come in any order and any case, and an object
// is given by GUID (/lg...) or by friendly name (/lf...), never both (rsm-command 1).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/guid.h"

namespace ntms::rsm {

// What follows the name of a switch.
enum class SwitchKind {
  flag,      // nothing: /b
  value,     // a text of at least one character: /tlibrary
  optional,  // a text or nothing: /o, /odeferred
  object,    // g and a GUID, or f and a friendly name: /lg4EE4..., /lfLibrary
};

// A switch that a subcommand knows.
struct Switch {
  std::string_view name;  // lower case, without the slash and without g or f of an object
  SwitchKind kind = SwitchKind::flag;
  bool repeatable = false;  // may be given more than once
};

// How an object was named on the command line: its GUID or its friendly name.
using ObjectName = std::variant<Guid, std::string>;

// The switches and operands that were given. A plain value; immutable, any thread.
class Arguments {
 public:
  // True when the switch was given, with or without a value.
  bool has(std::string_view name) const;

  // The text after the switch; nothing when it was not given. Of a repeatable switch: the first.
  std::optional<std::string> value(std::string_view name) const;

  // Like value(), in lower case: for switches with a fixed set of words.
  std::optional<std::string> word(std::string_view name) const;

  // The object given with the switch; nothing when it was not given.
  std::optional<ObjectName> object(std::string_view name) const;

  const std::vector<std::string>& operands() const { return operands_; }

 private:
  friend Result<Arguments> parse(std::span<const Switch>, std::size_t,
                                 std::span<const std::string>);
  struct Given {
    std::string name;
    std::string text;
    std::optional<ObjectName> object;
  };
  const Given* find(std::string_view name) const;

  std::vector<std::string> operands_;
  std::vector<Given> given_;
};

// Takes apart `arguments`, what follows the subcommand on the command line. The first `operands` of
// them are operands, whatever they look like; the rest must be switches of `known`.
// Errors: ERROR_INVALID_PARAMETER with the reason: missing operand, not a switch, unknown switch,
// no value, repeated switch, text after /..g that is no GUID. Pure; any thread.
Result<Arguments> parse(std::span<const Switch> known, std::size_t operands,
                        std::span<const std::string> arguments);

// Lower case of the ASCII letters; everything else stays as it is.
std::string lower(std::string_view text);

// A decimal number between `least` and `most`; nothing when the text is anything else.
std::optional<std::uint32_t> number(std::string_view text, std::uint32_t least, std::uint32_t most);

}  // namespace ntms::rsm
