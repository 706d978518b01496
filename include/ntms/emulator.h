// SPDX-License-Identifier: MIT
// The emulated tape library: a SCSI media changer (LUN 0) with tape drives (LUN 1, 2, ...), a
// person in front of it, and faults on demand. For those who test programs that move media.
//
// The whole library lives in one file, which any number of processes use at the same time: one
// process can run the program under test while another plays the operator. What was done is in the
// file: it survives the death of any process at any instant.
//
// Conventions of this header
// - Functions return NTMS_EMULATOR_OK (0) or one of the error codes below, unless they say
//   otherwise. A failed function changes nothing, neither in the file nor in its output arguments.
// - Strings are UTF-8 and belong to whoever made them; the library copies what it keeps.
// - Structures begin with their own size: set it to sizeof the structure before the call.
// - Indices count from 0 within a kind of element. Times are milliseconds.
// - A cartridge is named by its bar code, or by "#" and its number (see element_info.cartridge),
//   which also names a cartridge without a label. Of several with one bar code the oldest is meant.
// - Any function may be called from any thread at any time; a handle serves one call after the
//   other, except that ntms_emulator_execute does not keep the others waiting. A handle does not
//   survive fork(); open the file again in the child.
#ifndef NTMS_EMULATOR_H
#define NTMS_EMULATOR_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#if defined(NTMS_EMULATOR_BUILDING)
#define NTMS_EMULATOR_API __declspec(dllexport)
#elif defined(NTMS_EMULATOR_STATIC)
#define NTMS_EMULATOR_API
#else
#define NTMS_EMULATOR_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define NTMS_EMULATOR_API __attribute__((visibility("default")))
#else
#define NTMS_EMULATOR_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

// ---- Error codes ------------------------------------------------------------------------------

#define NTMS_EMULATOR_OK 0
#define NTMS_EMULATOR_INVALID 1    // an argument makes no sense (null, out of range, wrong size)
#define NTMS_EMULATOR_NOT_FOUND 2  // no such file, cartridge, or trace entry
#define NTMS_EMULATOR_EXISTS 3     // create: the file is already there
#define NTMS_EMULATOR_DENIED 4     // no permission to read and write the file or its folder
#define NTMS_EMULATOR_FORMAT 5     // the file is not an emulated library of this version
#define NTMS_EMULATOR_IO 6        // the file could not be read or written (disk full, damaged, ...)
#define NTMS_EMULATOR_LOCKED 7    // the library does not let the operator do that now
#define NTMS_EMULATOR_OCCUPIED 8  // a cartridge is already there
#define NTMS_EMULATOR_EMPTY 9     // no cartridge is there
#define NTMS_EMULATOR_TOO_SMALL 10   // the buffer is too small; the needed length was stored
#define NTMS_EMULATOR_NO_CLOCK 11    // the file has no virtual clock
#define NTMS_EMULATOR_NOT_PLAYED 12  // scenario: what a line waits for did not happen in time
#define NTMS_EMULATOR_STOPPED 13     // scenario: its watcher wanted no more

// One sentence in English for an error code; never NULL, static.
NTMS_EMULATOR_API const char* ntms_emulator_strerror(int code);

// ---- Making, opening, closing -----------------------------------------------------------------

// How the operator gets at the import/export elements.
#define NTMS_EMULATOR_PORT_LOCKABLE 0   // whenever no initiator prevents medium removal
#define NTMS_EMULATOR_PORT_MOTORIZED 1  // only while OPEN IMPORT/EXPORT ELEMENT has it extended
#define NTMS_EMULATOR_PORT_UNLOCKED 2   // always; PREVENT has no effect on the ports
// A move into a port extends it, a move from or to an extended port retracts it first. The operator
// reaches a port while it is extended, and whenever no initiator prevents medium removal.
#define NTMS_EMULATOR_PORT_MOVE_EXTENDS 3
// Only while the operator has pulled out the whole station (ntms_emulator_port_pull_out).
#define NTMS_EMULATOR_PORT_BY_HAND 4
// As LOCKABLE; but what the robot delivers falls through to the outside: it is on the shelf when
// the move has ended. What the operator puts in stays until the robot takes it.
#define NTMS_EMULATOR_PORT_PASS_THROUGH 5

// What a new library is made of. Start from ntms_emulator_geometry_init or from all zeroes. Later
// versions add members at the end; the size of an earlier version is accepted and means that the
// members it did not have are 0.
typedef struct ntms_emulator_geometry {
  size_t size;      // sizeof(ntms_emulator_geometry)
  uint32_t slots;   // storage elements; 0 is allowed
  uint32_t drives;  // data transfer elements; LUN 1 is the first drive
  uint32_t ports;   // import/export elements
  uint32_t doors;   // doors through which a person reaches the slots
  // Address of the first element of each kind; 0: the default (1, 16, 256, 1024, moved up where a
  // kind has more elements than fit before the next). Ranges must not overlap nor pass 65535.
  uint32_t first_transport;
  uint32_t first_port;
  uint32_t first_drive;
  uint32_t first_slot;
  uint32_t bar_code_reader;  // not 0: volume tags are reported
  uint32_t sides;            // 1 (0 means 1) or 2: two-sided media and an arm that turns them over
  uint32_t port_kind;        // NTMS_EMULATOR_PORT_*
  uint32_t unload_before_move;  // not 0: a drive must be unloaded before the arm can take the tape
  uint32_t virtual_clock;       // not 0: durations elapse only by ntms_emulator_clock_advance
  int64_t clock_start;          // first time of the virtual clock, ms since 1970 UTC
  // INQUIRY strings (8, 16 and 4 printable ASCII characters); NULL or "": defaults.
  const char* vendor;
  const char* product;
  const char* revision;
  const char* serial;  // up to 32 characters; NULL or "": "EMU" and 8 random hex digits
  const char* drive_vendor;
  const char* drive_product;
  const char* drive_revision;
  // Since version 2 of the file format:
  // Not 0: what is in an extended port is not reported. READ ELEMENT STATUS shows the element
  // empty, without access, and abnormal (EXCEPT, 3B/11).
  uint32_t port_unreported;
  uint32_t doors_unlocked;  // not 0: PREVENT has no effect on doors and magazines
  // Magazines the slots are divided over evenly, the last one gets the rest; 0: no magazines. At
  // most as many as slots.
  uint32_t magazines;
  // Since version 3 of the file format:
  // Not 0: a drive that has finished cleaning keeps the cleaner cartridge until UNLOAD. 0: it lets
  // go of it by itself.
  uint32_t cleaner_stays;
  // Not 0: no library but one drive that stands alone, with a person to feed it; the numbers of
  // elements and doors above are ignored. The drive answers at LUN 0 and at LUN 1; the functions
  // below call it LUN 1, and drive 0.
  uint32_t stand_alone;
} ntms_emulator_geometry;

// An emulated library as this process sees it. Opaque.
typedef struct ntms_emulator ntms_emulator;

// Fills in a small library: 20 slots, 2 drives, 1 lockable port, 1 door, a bar code reader. If
// `size` is that of an earlier version of the structure, only the members of that version are
// written.
NTMS_EMULATOR_API void ntms_emulator_geometry_init(ntms_emulator_geometry* geometry);

// Makes the file `path` with an empty library. EXISTS if there is a file of that name.
NTMS_EMULATOR_API int ntms_emulator_create(const char* path,
                                           const ntms_emulator_geometry* geometry);

// Opens an existing library; the caller closes *emulator.
NTMS_EMULATOR_API int ntms_emulator_open(const char* path, ntms_emulator** emulator);

// Releases the handle. NULL is ignored. No other call on it may be running.
NTMS_EMULATOR_API void ntms_emulator_close(ntms_emulator* emulator);

// ---- Filling at the factory -------------------------------------------------------------------

// Puts a new cartridge into a slot, whatever the doors; barcode NULL or "": without a label.
// No unit attention follows. Meant for use before the library goes into service.
NTMS_EMULATOR_API int ntms_emulator_load_slot(ntms_emulator* emulator, uint32_t index,
                                              const char* barcode);

// ---- The operator's hands ---------------------------------------------------------------------
// A cartridge that is put in comes from the shelf, if one with that bar code lies there, else it is
// new; NULL or "": new and without a label. What is taken out goes to the shelf and keeps its data.

// Puts a cartridge into a port. LOCKED if the port cannot be reached (see port kinds) or the arm is
// at it. Every initiator gets unit attention 28h/01h (BY_HAND: only when the station is pushed in).
NTMS_EMULATOR_API int ntms_emulator_port_put(ntms_emulator* emulator, uint32_t index,
                                             const char* cartridge);

// Takes the cartridge out of a port; its bar code ("" if none) goes to `barcode` (33 bytes, may be
// NULL). LOCKED and unit attention as for put.
NTMS_EMULATOR_API int ntms_emulator_port_take(ntms_emulator* emulator, uint32_t index,
                                              char* barcode);

// Pulls the import/export station out by hand: all its elements are extended. INVALID unless the
// ports are BY_HAND; LOCKED while an initiator prevents medium removal or the arm is at a port.
// While the station is out, moves from and to the ports fail with 5/3B/11.
NTMS_EMULATOR_API int ntms_emulator_port_pull_out(ntms_emulator* emulator);

// Pushes in whatever ports are extended: the station (BY_HAND), or the ports that moves have
// extended (MOVE_EXTENDS); INVALID with other kinds. Every initiator gets unit attention 28h/01h
// once. OK without effect if nothing is extended.
NTMS_EMULATOR_API int ntms_emulator_port_push_in(ntms_emulator* emulator);

// Opens a door. LOCKED while an initiator prevents medium removal (unless doors_unlocked) or the
// arm moves. With a door open the arm does not move: the changer is not ready, 02h/04h/03h.
NTMS_EMULATOR_API int ntms_emulator_door_open(ntms_emulator* emulator, uint32_t index);

// Closes a door. After the last one every initiator gets unit attention 28h/00h on the changer.
NTMS_EMULATOR_API int ntms_emulator_door_close(ntms_emulator* emulator, uint32_t index);

// Pulls out a magazine with the cartridges in it. LOCKED while an initiator prevents medium removal
// (unless doors_unlocked) or the arm moves. Until it is back its slots are reported empty, without
// access, and abnormal (EXCEPT, 3B/12), and moves from and to them fail with 5/3B/12.
NTMS_EMULATOR_API int ntms_emulator_magazine_pull(ntms_emulator* emulator, uint32_t index);

// Puts a magazine back: every initiator gets unit attention 28h/00h on the changer.
NTMS_EMULATOR_API int ntms_emulator_magazine_push(ntms_emulator* emulator, uint32_t index);

// *pulled = 1 if the magazine has been pulled out.
NTMS_EMULATOR_API int ntms_emulator_magazine_is_pulled(ntms_emulator* emulator, uint32_t index,
                                                       uint32_t* pulled);

// Puts into, takes from, or swaps the contents of slots (either may be empty). LOCKED unless a door
// is open, or the magazine of the slot (swap: of both slots) has been pulled out.
NTMS_EMULATOR_API int ntms_emulator_slot_put(ntms_emulator* emulator, uint32_t index,
                                             const char* cartridge);
NTMS_EMULATOR_API int ntms_emulator_slot_take(ntms_emulator* emulator, uint32_t index,
                                              char* barcode);
NTMS_EMULATOR_API int ntms_emulator_slot_swap(ntms_emulator* emulator, uint32_t first,
                                              uint32_t second);

// Puts a cartridge into the drive that stands alone, which threads it; every initiator gets unit
// attention 28h/00h when it is ready. One that an UNLOAD has ejected is pushed in again by its
// name. INVALID with the drives of a library.
NTMS_EMULATOR_API int ntms_emulator_drive_insert(ntms_emulator* emulator, uint32_t index,
                                                 const char* cartridge);

// Presses the eject button of the drive that stands alone: what it holds is unloaded and can be
// taken. LOCKED while an initiator prevents medium removal or the drive cleans itself.
NTMS_EMULATOR_API int ntms_emulator_drive_eject(ntms_emulator* emulator, uint32_t index);

// Takes the cartridge that the drive that stands alone has ejected; its bar code ("" if none) goes
// to `barcode` (33 bytes, may be NULL). LOCKED while the drive holds it.
NTMS_EMULATOR_API int ntms_emulator_drive_take(ntms_emulator* emulator, uint32_t index,
                                               char* barcode);

// ---- Looking ----------------------------------------------------------------------------------

// Kinds of place; the numbers are the element type codes of SMC-3.
#define NTMS_EMULATOR_SHELF 0  // outside the library
#define NTMS_EMULATOR_TRANSPORT 1
#define NTMS_EMULATOR_SLOT 2
#define NTMS_EMULATOR_PORT 3
#define NTMS_EMULATOR_DRIVE 4

// What is in an element.
typedef struct ntms_emulator_element_info {
  size_t size;    // sizeof(ntms_emulator_element_info)
  uint32_t type;  // NTMS_EMULATOR_TRANSPORT...
  uint32_t index;
  uint32_t address;        // element address on the wire
  uint32_t full;           // 1: holds a cartridge
  uint32_t access;         // 1: the arm can reach it (ACCESS)
  uint32_t import_export;  // 1: the operator put the cartridge there (IMPEXP; ports)
  uint32_t extended;       // 1: the port stands open (motorized, MOVE_EXTENDS, BY_HAND)
  uint32_t loaded;         // 1: the drive has the tape threaded
  uint32_t has_source;     // 1: `source` is valid (SVALID)
  uint32_t source;         // slot address the cartridge came from last
  uint32_t side;           // side that faces the drive's head: 0 or 1
  uint64_t cartridge;      // number of the cartridge, 0: none
  char barcode[33];        // "": none
} ntms_emulator_element_info;

// How many elements of a kind there are (for NTMS_EMULATOR_SHELF: cartridges outside).
NTMS_EMULATOR_API int ntms_emulator_count(ntms_emulator* emulator, uint32_t type, uint32_t* count);

// Describes an element as it is, whatever of it READ ELEMENT STATUS may keep back. A move under way
// shows its cartridge at the source until it has ended.
NTMS_EMULATOR_API int ntms_emulator_element(ntms_emulator* emulator, uint32_t type, uint32_t index,
                                            ntms_emulator_element_info* info);

// Where a cartridge is. NOT_FOUND if it never existed; type NTMS_EMULATOR_SHELF (and index 0) if
// it is outside.
NTMS_EMULATOR_API int ntms_emulator_find(ntms_emulator* emulator, const char* cartridge,
                                         uint32_t* type, uint32_t* index);

// *prevented = 1 if any initiator prevents medium removal on that logical unit.
NTMS_EMULATOR_API int ntms_emulator_removal_prevented(ntms_emulator* emulator, uint32_t lun,
                                                      uint32_t* prevented);

// *extended = 1 if the port stands open (motorized, MOVE_EXTENDS, BY_HAND).
NTMS_EMULATOR_API int ntms_emulator_port_extended(ntms_emulator* emulator, uint32_t index,
                                                  uint32_t* extended);

// *open = 1 if the door is open.
NTMS_EMULATOR_API int ntms_emulator_door_is_open(ntms_emulator* emulator, uint32_t index,
                                                 uint32_t* open);

// How many commands with this operation code a logical unit received since the file was made.
NTMS_EMULATOR_API int ntms_emulator_command_count(ntms_emulator* emulator, uint32_t lun,
                                                  uint32_t opcode, uint64_t* count);

// How a command ended for its initiator.
#define NTMS_EMULATOR_DELIVERED 0  // with a SCSI status
#define NTMS_EMULATOR_TIMED_OUT 1  // no answer in time
#define NTMS_EMULATOR_LINK_LOST 2  // the connection broke
#define NTMS_EMULATOR_NOT_SENT 3   // the file could not be used; nothing happened
#define NTMS_EMULATOR_UNDER_WAY 4  // trace only: not answered yet, or the caller died

// One command in the trace.
typedef struct ntms_emulator_trace_entry {
  size_t size;  // sizeof(ntms_emulator_trace_entry)
  uint64_t sequence;
  int64_t time;  // of the file's clock
  uint32_t lun;
  uint32_t cdb_length;
  uint8_t cdb[16];
  uint32_t delivery;  // NTMS_EMULATOR_DELIVERED...
  uint32_t status;    // SCSI status
  uint8_t sense_key, asc, ascq;
  char initiator[64];
} ntms_emulator_trace_entry;

// The trace keeps the last 4096 commands. *last = sequence number of the latest, 0 if none.
NTMS_EMULATOR_API int ntms_emulator_trace_last(ntms_emulator* emulator, uint64_t* last);

// One command by its sequence number; NOT_FOUND if it is no longer or not yet kept.
NTMS_EMULATOR_API int ntms_emulator_trace(ntms_emulator* emulator, uint64_t sequence,
                                          ntms_emulator_trace_entry* entry);

// ---- Time -------------------------------------------------------------------------------------

// How long things take; all 0 in a new library. The size of the structure without clean_ms is
// accepted and means that cleaning takes no time.
typedef struct ntms_emulator_durations {
  size_t size;             // sizeof(ntms_emulator_durations)
  uint32_t move_ms;        // MOVE, EXCHANGE, POSITION
  uint32_t load_ms;        // from the end of a move into a drive, or LOAD, until the drive is ready
  uint32_t initialize_ms;  // INITIALIZE ELEMENT STATUS
  uint32_t port_ms;        // OPEN/CLOSE IMPORT/EXPORT ELEMENT
  uint32_t clean_ms;       // from the moment a cleaner is in a drive until it has done its work
} ntms_emulator_durations;

NTMS_EMULATOR_API int ntms_emulator_set_durations(ntms_emulator* emulator,
                                                  const ntms_emulator_durations* durations);

// The virtual clock, in ms since 1970 UTC. NO_CLOCK if the library follows the real time.
// Time does not go back: set refuses an earlier time with INVALID.
NTMS_EMULATOR_API int ntms_emulator_clock_now(ntms_emulator* emulator, int64_t* now);
NTMS_EMULATOR_API int ntms_emulator_clock_advance(ntms_emulator* emulator, int64_t milliseconds);
NTMS_EMULATOR_API int ntms_emulator_clock_set(ntms_emulator* emulator, int64_t now);

// What becomes of a move whose calling process dies before its end.
#define NTMS_EMULATOR_MOVE_FINISHES 0
#define NTMS_EMULATOR_MOVE_STAYS_AT_SOURCE 1
#define NTMS_EMULATOR_MOVE_STAYS_IN_TRANSPORT 2
NTMS_EMULATOR_API int ntms_emulator_set_caller_death(ntms_emulator* emulator, uint32_t policy);

// ---- Faults -----------------------------------------------------------------------------------

#define NTMS_EMULATOR_FAIL_BEFORE 1     // CHECK CONDITION, no effect
#define NTMS_EMULATOR_FAIL_AFTER 2      // the command is carried out, then CHECK CONDITION
#define NTMS_EMULATOR_TIMEOUT_BEFORE 3  // no answer, no effect; reported at once, not after waiting
#define NTMS_EMULATOR_TIMEOUT_AFTER 4   // no answer, though it is carried out
#define NTMS_EMULATOR_LINK_LOST_BEFORE 5      // the connection breaks, no effect
#define NTMS_EMULATOR_LINK_LOST_AFTER 6       // the connection breaks, though it is carried out
#define NTMS_EMULATOR_BUSY 7                  // status BUSY, no effect
#define NTMS_EMULATOR_RESERVATION_CONFLICT 8  // status RESERVATION CONFLICT, no effect
// MOVE or EXCHANGE leave the cartridge in the arm; any other command: as FAIL_BEFORE.
#define NTMS_EMULATOR_TORN 9

#define NTMS_EMULATOR_ANY_LUN 0xFFFFFFFFu
#define NTMS_EMULATOR_ANY_OPCODE 0xFFu
#define NTMS_EMULATOR_UNTIL_CLEARED 0xFFFFFFFFu

// A fault waiting for its command. Commands that end with a unit attention or a reservation
// conflict of their own are not counted. Of several faults that are due the oldest strikes.
typedef struct ntms_emulator_fault {
  size_t size;      // sizeof(ntms_emulator_fault)
  uint32_t lun;     // or NTMS_EMULATOR_ANY_LUN
  uint32_t opcode;  // or NTMS_EMULATOR_ANY_OPCODE
  uint32_t nth;     // 1 (or 0): the next such command, 2: the one after it, ...
  uint32_t times;   // how many in a row from there; 0 means 1; NTMS_EMULATOR_UNTIL_CLEARED
  uint32_t kind;    // NTMS_EMULATOR_FAIL_BEFORE...
  uint8_t sense_key, asc, ascq;
} ntms_emulator_fault;

NTMS_EMULATOR_API int ntms_emulator_inject_fault(ntms_emulator* emulator,
                                                 const ntms_emulator_fault* fault);
NTMS_EMULATOR_API int ntms_emulator_clear_faults(ntms_emulator* emulator);

// 0: every command of everybody loses its link, until 1.
NTMS_EMULATOR_API int ntms_emulator_set_online(ntms_emulator* emulator, uint32_t online);

// What some libraries do and others do not. A new library has none of these. They are about the
// changer, and mean nothing to a drive that stands alone.
// Only the lower two of the three bytes of READ ELEMENT STATUS' allocation length count.
#define NTMS_EMULATOR_QUIRK_SHORT_ALLOCATION 1
// READ ELEMENT STATUS with DVCID: 5/24/00.
#define NTMS_EMULATOR_QUIRK_NO_DEVICE_IDS 2
// The identifiers of drives are bare serial numbers (code set 2, type 0).
#define NTMS_EMULATOR_QUIRK_SERIAL_DEVICE_IDS 3
// READ ELEMENT STATUS with VOLTAG and DVCID: 5/24/00.
#define NTMS_EMULATOR_QUIRK_TAGS_OR_DEVICE_IDS 4
// Somebody has paused the library: 2/04/85 to TEST UNIT READY and to what needs the arm.
#define NTMS_EMULATOR_QUIRK_PAUSED 5
// A drive that has unloaded its tape shows ACCESS 0 for so many milliseconds; a move out of it
// fails with 5/53/00 until then.
#define NTMS_EMULATOR_QUIRK_LATE_ACCESS 6
// ACCESS is never set.
#define NTMS_EMULATOR_QUIRK_NO_ACCESS 7
// MODE SENSE(10): 5/20/00.
#define NTMS_EMULATOR_QUIRK_NO_MODE_SENSE_10 8
// Mode pages 1Dh and 1Fh know of no import/export elements. Commands that name them find them.
#define NTMS_EMULATOR_QUIRK_HIDDEN_PORTS 9
// The changer has just been switched on, and is becoming ready for so many milliseconds; after
// INITIALIZE ELEMENT STATUS anew: 2/04/01 to TEST UNIT READY, READ ELEMENT STATUS and to what needs
// the arm.
#define NTMS_EMULATOR_QUIRK_SLOW_START 10
// Replies to READ ELEMENT STATUS lack their last 8 bytes, though their headers count these.
#define NTMS_EMULATOR_QUIRK_SHORT_REPLIES 11
// The first element address in the header of READ ELEMENT STATUS is one too high.
#define NTMS_EMULATOR_QUIRK_WRONG_FIRST_ELEMENT 12
// READ ELEMENT STATUS pays no attention to the number of elements that are asked for.
#define NTMS_EMULATOR_QUIRK_NO_ELEMENT_COUNT 13
// EXCHANGE MEDIUM: 5/20/00, though mode page 1Fh claims it.
#define NTMS_EMULATOR_QUIRK_NO_EXCHANGE 14
// PREVENT ALLOW MEDIUM REMOVAL: 5/20/00; nothing is prevented.
#define NTMS_EMULATOR_QUIRK_NO_PREVENT 15
#define NTMS_EMULATOR_QUIRK_LAST 15

// Switches a quirk on (value not 0; milliseconds, where it lasts for a time) or off (0), at any
// time and until it is switched again. INVALID: there is no such quirk.
NTMS_EMULATOR_API int ntms_emulator_set_quirk(ntms_emulator* emulator, uint32_t quirk,
                                              uint32_t value);
// *value = what a quirk was switched on with, 0 if it is off.
NTMS_EMULATOR_API int ntms_emulator_quirk(ntms_emulator* emulator, uint32_t quirk, uint32_t* value);

// Raises (on = 1) or clears a TapeAlert flag (1 to 64) of a logical unit; LOG SENSE page 2Eh
// reports it once.
NTMS_EMULATOR_API int ntms_emulator_set_tape_alert(ntms_emulator* emulator, uint32_t lun,
                                                   uint32_t flag, uint32_t on);

// Raises a unit attention for every initiator that has used the logical unit.
NTMS_EMULATOR_API int ntms_emulator_raise_attention(ntms_emulator* emulator, uint32_t lun,
                                                    uint8_t asc, uint8_t ascq);

// ---- Tapes ------------------------------------------------------------------------------------
// A side of a cartridge is a sequence of blocks and filemarks, numbered from 0.

// How many blocks and filemarks are recorded.
NTMS_EMULATOR_API int ntms_emulator_tape_block_count(ntms_emulator* emulator, const char* cartridge,
                                                     uint32_t side, uint64_t* count);

// Copies block `index` into buffer; *length = its length, 0 for a filemark. TOO_SMALL stores only
// *length. NOT_FOUND past the end of data.
NTMS_EMULATOR_API int ntms_emulator_tape_read(ntms_emulator* emulator, const char* cartridge,
                                              uint32_t side, uint64_t index, void* buffer,
                                              size_t size, size_t* length);

// Appends a block, or a filemark if length is 0, at the end of data.
NTMS_EMULATOR_API int ntms_emulator_tape_append(ntms_emulator* emulator, const char* cartridge,
                                                uint32_t side, const void* data, size_t length);

// Erases a side.
NTMS_EMULATOR_API int ntms_emulator_tape_erase(ntms_emulator* emulator, const char* cartridge,
                                               uint32_t side);

// Sets the write-protect tab of a cartridge.
NTMS_EMULATOR_API int ntms_emulator_set_write_protected(ntms_emulator* emulator,
                                                        const char* cartridge, uint32_t on);

// Makes a cartridge a cleaner that is good for `uses` cleanings. A drive that is given it cleans
// itself for clean_ms: it is not ready with 02h/30h/03h, then empty (02h/3Ah/00h) although the
// cartridge still lies in it; each time it is used once more, and the TapeAlert flags 20 and 21 of
// the drive are cleared. Of one that is spent the drive complains: 02h/30h/07h and flag 22.
NTMS_EMULATOR_API int ntms_emulator_set_cleaner(ntms_emulator* emulator, const char* cartridge,
                                                uint32_t uses);

// *uses = the cleanings that a cleaner is still good for. NOT_FOUND if it is not a cleaner.
NTMS_EMULATOR_API int ntms_emulator_cleaner_uses(ntms_emulator* emulator, const char* cartridge,
                                                 uint32_t* uses);

// ---- Scenarios --------------------------------------------------------------------------------
// A scenario is a text of lines: what a library is made of and filled with, and what happens to it
// over time. docs/emulator.md, "Scenario files", has its grammar. In the functions below `error`
// gets the reason in words, with the number of the line, when they fail, else ""; a longer reason
// is cut off at `error_size`. It may be NULL if error_size is 0.

// Makes the file `path` by the lines of a scenario that come before the first at, then or expect.
// INVALID: the text is wrong, or has no library line. Else as ntms_emulator_create.
NTMS_EMULATOR_API int ntms_emulator_scenario_create(const char* path, const char* text, char* error,
                                                    size_t error_size);

// Told about a scenario that is being played: `line` is the number of a line and `text` its words.
// played = 1: it has been played; 0: it is being waited for (many times, about 100 ms apart at
// most; with a virtual clock also while the clock is moved towards it). Any value but 0 ends the
// play. It may call any function of this header but ntms_emulator_close on the same handle.
typedef int (*ntms_emulator_scenario_watch)(void* context, uint32_t line, uint32_t played,
                                            const char* text);

// Plays the lines of a scenario from the first at, then or expect on, and returns when the last one
// has been played. Meanwhile other threads may use the handle, and other processes the file; only
// one scenario at a time should be played on a file. `watch` may be NULL.
// INVALID: the text is wrong or speaks of what this library does not have; nothing was done.
// NOT_PLAYED, STOPPED: the lines before have had their effect.
NTMS_EMULATOR_API int ntms_emulator_scenario_play(ntms_emulator* emulator, const char* text,
                                                  ntms_emulator_scenario_watch watch, void* context,
                                                  char* error, size_t error_size);

// The same on the library in the file `path`, through a handle of its own.
NTMS_EMULATOR_API int ntms_emulator_scenario_play_file(const char* path, const char* text,
                                                       ntms_emulator_scenario_watch watch,
                                                       void* context, char* error,
                                                       size_t error_size);

// ---- Sending commands -------------------------------------------------------------------------

// One SCSI command with room for its answer.
typedef struct ntms_emulator_command {
  size_t size;            // sizeof(ntms_emulator_command)
  const char* initiator;  // who sends; any name up to 63 bytes; NULL: "default"
  uint32_t lun;
  uint32_t timeout_ms;  // 0: 30 seconds
  uint8_t cdb[16];
  uint32_t cdb_length;  // 6, 10, 12 or 16
  const void* data_out;
  size_t data_out_length;
  void* data_in;
  size_t data_in_size;
  // The answer:
  size_t data_in_length;  // bytes that arrived in data_in
  uint32_t delivery;      // NTMS_EMULATOR_DELIVERED...
  uint32_t status;        // SCSI status, if delivered
  uint32_t sense_length;
  uint8_t sense[96];  // with CHECK CONDITION
} ntms_emulator_command;

// Carries out one command and waits for its answer, at most the time-out. OK whenever there is an
// answer, whatever it says.
NTMS_EMULATOR_API int ntms_emulator_execute(ntms_emulator* emulator,
                                            ntms_emulator_command* command);

#ifdef __cplusplus
}
#endif

#endif  // NTMS_EMULATOR_H
