// What a record needs to describe itself: its states and which may follow which.
#pragma once

#include <cstdint>

#include "base/describe.hpp"

namespace holdpoint {

template <class State>
struct Transition {
  State from;
  State to;
};

/// The two states of records that have no workflow of their own.
enum class RecordState : std::uint8_t { active, retired };
HP_DESCRIBE_ENUM(RecordState, active, retired)

inline constexpr Transition<RecordState> kRecordTransitions[] = {
    {RecordState::active, RecordState::retired}, {RecordState::retired, RecordState::active}};

}  // namespace holdpoint
