// SPDX-License-Identifier: MIT
// The tables of media types and of the drives that use them.
#include "device/media_types.h"

#include <algorithm>
#include <string>

#include "scsi/commands.h"

namespace ntms::device {
namespace {

constexpr MediaType kMediaTypes[] = {
    {32, "4mm DDS", "DDS_4mm"},
    {33, "Mini QIC", "MiniQic"},
    {34, "Travan", "Travan"},
    {35, "QIC", "QIC"},
    {36, "8mm MP", "MP_8mm"},
    {37, "8mm AME", "AME_8mm"},
    {38, "AIT 8mm", "AIT1_8mm"},
    {39, "DLT", "DLT"},
    {40, "NCTP", "NCTP"},
    {41, "IBM 3480", "IBM_3480"},
    {42, "IBM 3490E", "IBM_3490E"},
    {43, "IBM Magstar 3590", "IBM_Magstar_3590"},
    {44, "IBM Magstar MP", "IBM_Magstar_MP"},
    {45, "STK Data D3", "STK_DATA_D3"},
    {46, "Sony DTF", "SONY_DTF"},
    {47, "6mm DV", "DV_6mm"},
    {48, "DMI", "DMI"},
    {49, "Sony D2", "SONY_D2"},
    {50, "Cleaner", "CLEANER_CARTRIDGE"},
    {51, "CD-ROM", "CD_ROM"},
    {52, "CD-R", "CD_R"},
    {53, "CD-RW", "CD_RW"},
    {54, "DVD-ROM", "DVD_ROM"},
    {55, "DVD-R", "DVD_R"},
    {56, "DVD-RW", "DVD_RW"},
    {57, "3.5-inch MO RW", "MO_3_RW"},
    {58, "5.25-inch MO WO", "MO_5_WO", 2},
    {59, "5.25-inch MO RW", "MO_5_RW", 2},
    {60, "5.25-inch MO LIMDOW", "MO_5_LIMDOW", 2},
    {61, "5.25-inch PC WO", "PC_5_WO", 2},
    {62, "5.25-inch PC RW", "PC_5_RW", 2},
    {63, "5.25-inch PD RW", "PD_5_RW"},
    {64, "5.25-inch ABL WO", "ABL_5_WO", 2},
    {65, "Pinnacle Apex RW", "PINNACLE_APEX_5_RW", 2},
    {66, "Sony 12-inch WO", "SONY_12_WO", 2},
    {67, "Philips 12-inch WO", "PHILIPS_12_WO", 2},
    {68, "Hitachi 12-inch WO", "HITACHI_12_WO", 2},
    {69, "Cygnet 12-inch WO", "CYGNET_12_WO", 2},
    {70, "Kodak 14-inch WO", "KODAK_14_WO", 2},
    {71, "5.25-inch MO NFR", "MO_NFR_525", 2},
    {72, "Nikon 12-inch RW", "NIKON_12_RW"},
    {73, "Iomega Zip", "IOMEGA_ZIP"},
    {74, "Iomega Jaz", "IOMEGA_JAZ"},
    {75, "SyQuest EZ135", "SYQUEST_EZ135"},
    {76, "SyQuest EZFlyer", "SYQUEST_EZFLYER"},
    {77, "SyQuest SyJet", "SYQUEST_SYJET"},
    {78, "Avatar F2", "AVATAR_F2"},
    {79, "8mm MP2", "MP2_8mm"},
    {80, "DST S", "DST_S"},
    {81, "DST M", "DST_M"},
    {82, "DST L", "DST_L"},
    {83, "VXA-1", "VXATape_1"},
    {84, "VXA-2", "VXATape_2"},
    {85, "STK 9840", "STK_9840"},
    {86, "LTO Ultrium", "LTO_Ultrium"},
    {87, "LTO Accelis", "LTO_Accelis"},
    {88, "DVD-RAM", "DVD_RAM"},
    {89, "8mm AIT", "AIT_8mm"},
    {90, "ADR 1", "ADR_1"},
    {91, "ADR 2", "ADR_2"},
    {92, "STK 9940", "STK_9940"},
    {93, "SAIT", "SAIT"},
};

// Product texts as the drives' makers write them, upper case. The first row whose two texts are
// found decides, so the longer texts come before those they contain.
struct DriveText {
  std::string_view vendor;   // in the vendor text; empty: any
  std::string_view product;  // in the product text
  std::uint32_t code;
};

constexpr DriveText kDriveTexts[] = {
    {"", "ULTRIUM", kLtoUltrium},
    {"", "ULT358", kLtoUltrium},
    {"", "LTO", kLtoUltrium},
    {"IBM", "HH-LT", kLtoUltrium},
    {"", "ACCELIS", 87},
    {"", "SDLT", kDlt},
    {"", "DLT", kDlt},
    {"", "SAIT", 93},
    {"SONY", "SDZ-", 93},
    {"", "AIT", 38},
    {"SONY", "SDX-", 38},
    {"", "VXA-2", 84},
    {"", "VXA", 83},
    {"", "TRAVAN", 34},
    {"SEAGATE", "STT", 34},
    {"CERTANCE", "STT", 34},
    {"SEAGATE", "TAPESTOR", 34},
    {"", "T9840", 85},
    {"", "9840", 85},
    {"", "T9940", 92},
    {"", "9940", 92},
    {"", "SD-3", 45},
    {"", "03590", 43},
    {"", "3590", 43},
    {"", "03592", 43},
    {"", "03570", 44},
    {"", "3570", 44},
    {"", "3490E", 42},
    {"", "3490", 42},
    {"", "3480", 41},
    {"SONY", "GY-", 46},
    {"", "MAMMOTH", 37},
    {"EXABYTE", "EXB-89", 37},
    {"EXABYTE", "EXB-8", 36},
    {"EXABYTE", "EXB8", 36},
    {"ONSTREAM", "ADR2", 91},
    {"", "ADR2", 91},
    {"ONSTREAM", "", 90},
    {"", "DDS", kDds4mm},
    {"", "DAT72", kDds4mm},
    {"", "DAT160", kDds4mm},
    {"", "DAT320", kDds4mm},
    {"", "DAT24", kDds4mm},
    {"", "DAT40", kDds4mm},
    {"", "DAT ", kDds4mm},
    {"SONY", "SDT-", kDds4mm},
    {"HP", "C1533", kDds4mm},
    {"HP", "C1537", kDds4mm},
    {"HP", "C5683", kDds4mm},
    {"HP", "C7438", kDds4mm},
    {"ARCHIVE", "PYTHON", kDds4mm},
    {"SEAGATE", "PYTHON", kDds4mm},
    {"", "MINIQIC", 33},
    {"", "QIC", 35},
    {"TANDBERG", "TDC", 35},
    {"TANDBERG", "SLR", 35},
    {"", "MLR", 35},
    {"IOMEGA", "ZIP", 73},
    {"IOMEGA", "JAZ", 74},
    {"SONY", "SMO-", 59},
    {"HP", "C1113", 59},
    {"HP", "C1716", 59},
    {"", "DVD-RAM", 88},
    {"", "DVD", 54},
    {"", "CD-RW", 53},
    {"", "CD-R ", 52},
    {"", "CD-ROM", kCdRom},
};

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

}  // namespace

std::span<const MediaType> media_types() {
  return kMediaTypes;
}

const MediaType* find_media_type(std::uint32_t code) {
  const auto* found = std::find_if(std::begin(kMediaTypes), std::end(kMediaTypes),
                                   [code](const MediaType& type) { return type.code == code; });
  return found == std::end(kMediaTypes) ? nullptr : found;
}

std::optional<std::uint32_t> media_type_of_drive(std::string_view vendor, std::string_view product,
                                                 std::uint8_t device_type) {
  const std::string vendor_text = upper(vendor);
  const std::string product_text = upper(product) + " ";  // so that "CD-R " matches at the end
  for (const DriveText& row : kDriveTexts) {
    if (vendor_text.find(row.vendor) != std::string::npos &&
        product_text.find(row.product) != std::string::npos) {
      return row.code;
    }
  }
  if (device_type == scsi::kTypeCdDvd) return kCdRom;
  return std::nullopt;
}

bool may_prepare_for_hours(std::string_view product, std::string_view bar_code) {
  constexpr std::string_view kProducts[] = {"ULTRIUM 9", "-TD9", "-HH9", "-HD9", "LTO-9", "LTO9"};
  constexpr std::string_view kMedia[] = {"L9", "LZ"};
  const std::string product_text = upper(product);
  return std::any_of(
             std::begin(kProducts), std::end(kProducts),
             [&](std::string_view text) { return product_text.find(text) != std::string::npos; }) ||
         std::any_of(std::begin(kMedia), std::end(kMedia),
                     [&](std::string_view text) { return bar_code.ends_with(text); });
}

}  // namespace ntms::device
