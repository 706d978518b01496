// SPDX-License-Identifier: MIT
// The rules of the command line.
#include "rsm/arguments.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "ntms/win32_types.h"

namespace ntms::rsm {
namespace {

Error bad(std::string reason) {
  return fail(ERROR_INVALID_PARAMETER, std::move(reason));
}

// The switch that `body` (the argument without its slash) begins with: the longest name wins, so
// that /lnMonday is /ln and not /l.
const Switch* match(std::span<const Switch> known, const std::string& body_lower) {
  const Switch* best = nullptr;
  for (const Switch& candidate : known) {
    const bool flag = candidate.kind == SwitchKind::flag;
    if (flag ? body_lower != candidate.name : !body_lower.starts_with(candidate.name)) continue;
    if (candidate.kind == SwitchKind::object && body_lower.size() > candidate.name.size()) {
      const char how = body_lower[candidate.name.size()];
      if (how != 'g' && how != 'f') continue;
    }
    if (best == nullptr || candidate.name.size() > best->name.size()) best = &candidate;
  }
  return best;
}

Result<ObjectName> object_name(const std::string& argument, const std::string& text) {
  if (text.size() < 2) return bad("\"" + argument + "\": the object is missing after the switch");
  const std::string name = text.substr(1);
  if (lower(text.substr(0, 1)) == "f") return ObjectName{name};
  const auto guid = Guid::parse(name);
  if (!guid) return bad("\"" + argument + "\": not a GUID of 32 hexadecimal digits");
  return ObjectName{*guid};
}

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::optional<std::uint32_t> number(std::string_view text, std::uint32_t least,
                                    std::uint32_t most) {
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value < least || value > most) return std::nullopt;
  return value;
}

const Arguments::Given* Arguments::find(std::string_view name) const {
  const auto found = std::find_if(given_.begin(), given_.end(),
                                  [&](const Given& given) { return given.name == name; });
  return found == given_.end() ? nullptr : &*found;
}

bool Arguments::has(std::string_view name) const {
  return find(name) != nullptr;
}

std::optional<std::string> Arguments::value(std::string_view name) const {
  const Given* given = find(name);
  if (given == nullptr) return std::nullopt;
  return given->text;
}

std::optional<std::string> Arguments::word(std::string_view name) const {
  const Given* given = find(name);
  if (given == nullptr) return std::nullopt;
  return lower(given->text);
}

std::optional<ObjectName> Arguments::object(std::string_view name) const {
  const Given* given = find(name);
  if (given == nullptr) return std::nullopt;
  return given->object;
}

Result<Arguments> parse(std::span<const Switch> known, std::size_t operands,
                        std::span<const std::string> arguments) {
  if (arguments.size() < operands) return bad("an operand is missing");
  Arguments result;
  result.operands_.assign(arguments.begin(),
                          arguments.begin() + static_cast<std::ptrdiff_t>(operands));
  for (const std::string& argument : arguments.subspan(operands)) {
    if (argument.size() < 2 || argument[0] != '/') {
      return bad("\"" + argument +
                 "\" is not a switch (a value follows its switch without a blank)");
    }
    const std::string body = argument.substr(1);
    const Switch* const found = match(known, lower(body));
    if (found == nullptr) return bad("\"" + argument + "\" is not a switch of this subcommand");
    if (!found->repeatable && result.has(found->name)) {
      return bad("\"" + argument + "\": given twice, or by GUID and by name");
    }
    Arguments::Given given{std::string(found->name), body.substr(found->name.size()), std::nullopt};
    if (found->kind == SwitchKind::value && given.text.empty()) {
      return bad("\"" + argument + "\": the value is missing (it follows without a blank)");
    }
    if (found->kind == SwitchKind::object) {
      auto object = object_name(argument, given.text);
      if (!object) return object.error();
      given.object = std::move(*object);
    }
    result.given_.push_back(std::move(given));
  }
  return result;
}

}  // namespace ntms::rsm
