// SPDX-License-Identifier: MIT
#include "windows/pe_file.h"

#include <cctype>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

namespace ntms::windows_test {
namespace {

// The bytes of the file; every access is checked.
class Image {
 public:
  explicit Image(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path.string());
    bytes_.assign(std::istreambuf_iterator<char>(in), {});
  }

  std::uint64_t number(std::size_t offset, std::size_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset) {
      throw std::runtime_error("the file ends too early");
    }
    std::uint64_t value = 0;
    for (std::size_t i = size; i > 0; --i) {
      value = value << 8 | static_cast<unsigned char>(bytes_[offset + i - 1]);
    }
    return value;
  }
  std::uint16_t u16(std::size_t offset) const {
    return static_cast<std::uint16_t>(number(offset, 2));
  }
  std::uint32_t u32(std::size_t offset) const {
    return static_cast<std::uint32_t>(number(offset, 4));
  }
  std::string text(std::size_t offset) const {
    std::string result;
    for (char c = 0; (c = static_cast<char>(number(offset, 1))) != '\0'; ++offset) result += c;
    return result;
  }

  // Where in the file what is at this address of the loaded image is.
  std::size_t offset_of(std::uint32_t address) const {
    for (const Section& section : sections) {
      if (address >= section.address && address - section.address < section.size) {
        return section.offset + (address - section.address);
      }
    }
    throw std::runtime_error("an address in no section");
  }

  struct Section {
    std::uint32_t address;
    std::uint32_t size;
    std::uint32_t offset;
  };
  std::vector<Section> sections;

 private:
  std::vector<char> bytes_;
};

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::set<std::string> read_exports(const Image& image, std::uint32_t directory) {
  std::set<std::string> names;
  if (directory == 0) return names;
  const std::size_t table = image.offset_of(directory);
  const std::uint32_t count = image.u32(table + 24);
  if (count == 0) return names;
  const std::size_t list = image.offset_of(image.u32(table + 32));
  for (std::uint32_t i = 0; i < count; ++i) {
    names.insert(image.text(image.offset_of(image.u32(list + 4 * i))));
  }
  return names;
}

std::map<std::string, std::set<std::string>> read_imports(const Image& image,
                                                          std::uint32_t directory, bool wide) {
  std::map<std::string, std::set<std::string>> imports;
  if (directory == 0) return imports;
  const std::size_t word = wide ? 8 : 4;
  for (std::size_t entry = image.offset_of(directory); image.u32(entry + 12) != 0; entry += 20) {
    auto& names = imports[lower(image.text(image.offset_of(image.u32(entry + 12))))];
    const std::uint32_t original = image.u32(entry);
    std::size_t thunk = image.offset_of(original != 0 ? original : image.u32(entry + 16));
    for (std::uint64_t value = 0; (value = image.number(thunk, word)) != 0; thunk += word) {
      if (value >> (8 * word - 1) != 0) {
        names.insert("#" + std::to_string(value & 0xFFFF));
      } else {
        names.insert(image.text(image.offset_of(static_cast<std::uint32_t>(value)) + 2));
      }
    }
  }
  return imports;
}

}  // namespace

PeFile read_pe_file(const std::filesystem::path& path) {
  Image image(path);
  if (image.u16(0) != 0x5A4D) throw std::runtime_error("no DOS header");
  const std::size_t header = image.u32(0x3C);
  if (image.u32(header) != 0x00004550) throw std::runtime_error("no PE header");
  const std::size_t optional = header + 24;
  const std::uint16_t magic = image.u16(optional);
  if (magic != 0x10B && magic != 0x20B) throw std::runtime_error("an unknown optional header");
  const bool wide = magic == 0x20B;
  const std::size_t directories = optional + (wide ? 112 : 96);

  const std::size_t section_table = optional + image.u16(header + 20);
  for (std::size_t i = 0; i < image.u16(header + 6); ++i) {
    const std::size_t section = section_table + 40 * i;
    image.sections.push_back(
        {image.u32(section + 12), image.u32(section + 16), image.u32(section + 20)});
  }

  PeFile file;
  file.machine = image.u16(header + 4);
  file.os_major = image.u16(optional + 40);
  file.os_minor = image.u16(optional + 42);
  file.subsystem_major = image.u16(optional + 48);
  file.subsystem_minor = image.u16(optional + 50);
  file.characteristics = image.u16(optional + 70);
  file.relocatable = image.u32(directories + 5 * 8 + 4) != 0;
  file.exports = read_exports(image, image.u32(directories));
  file.imports = read_imports(image, image.u32(directories + 8), wide);
  return file;
}

}  // namespace ntms::windows_test
