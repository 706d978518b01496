// SPDX-License-Identifier: MIT
// Operation codes the emulated units know (SPC-4, SMC-3, SSC-4).
#pragma once

#include <cstdint>

namespace ntms::emulator::op {

inline constexpr std::uint8_t kTestUnitReady = 0x00;
inline constexpr std::uint8_t kRewind = 0x01;
inline constexpr std::uint8_t kRequestSense = 0x03;
inline constexpr std::uint8_t kReadBlockLimits = 0x05;
inline constexpr std::uint8_t kInitializeElementStatus = 0x07;
inline constexpr std::uint8_t kRead6 = 0x08;
inline constexpr std::uint8_t kWrite6 = 0x0A;
inline constexpr std::uint8_t kWriteFilemarks6 = 0x10;
inline constexpr std::uint8_t kSpace6 = 0x11;
inline constexpr std::uint8_t kInquiry = 0x12;
inline constexpr std::uint8_t kModeSelect6 = 0x15;
inline constexpr std::uint8_t kReserve6 = 0x16;
inline constexpr std::uint8_t kRelease6 = 0x17;
inline constexpr std::uint8_t kErase6 = 0x19;
inline constexpr std::uint8_t kModeSense6 = 0x1A;
inline constexpr std::uint8_t kLoadUnload = 0x1B;             // drives
inline constexpr std::uint8_t kOpenCloseImportExport = 0x1B;  // changers
inline constexpr std::uint8_t kPreventAllow = 0x1E;
inline constexpr std::uint8_t kLocate10 = 0x2B;           // drives
inline constexpr std::uint8_t kPositionToElement = 0x2B;  // changers
inline constexpr std::uint8_t kReadPosition = 0x34;
inline constexpr std::uint8_t kInitializeElementStatusRange = 0x37;
inline constexpr std::uint8_t kReportDensitySupport = 0x44;
inline constexpr std::uint8_t kLogSense = 0x4D;
inline constexpr std::uint8_t kModeSelect10 = 0x55;
inline constexpr std::uint8_t kReserve10 = 0x56;
inline constexpr std::uint8_t kRelease10 = 0x57;
inline constexpr std::uint8_t kModeSense10 = 0x5A;
inline constexpr std::uint8_t kReportLuns = 0xA0;
inline constexpr std::uint8_t kMoveMedium = 0xA5;
inline constexpr std::uint8_t kExchangeMedium = 0xA6;
inline constexpr std::uint8_t kReadElementStatus = 0xB8;
inline constexpr std::uint8_t kInitializeElementStatusRangeVendor = 0xE7;

}  // namespace ntms::emulator::op
