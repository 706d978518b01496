// SPDX-License-Identifier: MIT
// The Win32 error codes device failures are reported with (winerror.h; the contract's table of
// Win32 errors says what a caller of the API reads into each).
#pragma once

#include <cstdint>

namespace ntms::device {

inline constexpr std::uint32_t kErrorSuccess = 0;
inline constexpr std::uint32_t kErrorWriteProtect = 19;
inline constexpr std::uint32_t kErrorNotSupported = 50;
inline constexpr std::uint32_t kErrorInvalidParameter = 87;
inline constexpr std::uint32_t kErrorBusy = 170;
inline constexpr std::uint32_t kErrorInvalidAddress = 487;
inline constexpr std::uint32_t kErrorLibraryOffline = 4305;
inline constexpr std::uint32_t kErrorEmpty = 4306;
inline constexpr std::uint32_t kErrorNotEmpty = 4307;
inline constexpr std::uint32_t kErrorResourceDisabled = 4309;
inline constexpr std::uint32_t kErrorUnableToClean = 4311;
inline constexpr std::uint32_t kErrorMediaIncompatible = 4315;
inline constexpr std::uint32_t kErrorResourceNotPresent = 4316;
inline constexpr std::uint32_t kErrorDeviceNotAvailable = 4319;
inline constexpr std::uint32_t kErrorMediumNotAccessible = 4323;
inline constexpr std::uint32_t kErrorUnableToLoadMedium = 4324;
inline constexpr std::uint32_t kErrorUnableToInventoryDrive = 4325;
inline constexpr std::uint32_t kErrorUnableToInventorySlot = 4326;
inline constexpr std::uint32_t kErrorUnableToInventoryTransport = 4327;
inline constexpr std::uint32_t kErrorUnableToEjectMountedMedia = 4330;
inline constexpr std::uint32_t kErrorCleanerCartridgeInstalled = 4340;
inline constexpr std::uint32_t kErrorInvalidState = 5023;

}  // namespace ntms::device
