// The ways of work items from open to an end, one for each type. A step that no row allows is
// refused: a requirement is not done before somebody accepted it, and a mended bug is looked at.
#include <algorithm>

#include "workitems/workitems.hpp"

namespace holdpoint::workitems {
namespace {

using Steps = std::span<const Transition<State>>;

constexpr Transition<State> kRequirement[] = {
    {State::open, State::accepted},     {State::open, State::rejected},
    {State::accepted, State::open},     {State::accepted, State::in_progress},
    {State::accepted, State::rejected}, {State::in_progress, State::accepted},
    {State::in_progress, State::done},  {State::in_progress, State::rejected},
    {State::done, State::accepted},     {State::rejected, State::open}};

constexpr Transition<State> kWork[] = {{State::open, State::in_progress},
                                       {State::open, State::done},
                                       {State::open, State::rejected},
                                       {State::in_progress, State::open},
                                       {State::in_progress, State::in_review},
                                       {State::in_progress, State::done},
                                       {State::in_progress, State::rejected},
                                       {State::in_review, State::in_progress},
                                       {State::in_review, State::done},
                                       {State::in_review, State::rejected},
                                       {State::done, State::open},
                                       {State::rejected, State::open}};

constexpr Transition<State> kBug[] = {
    {State::open, State::in_progress},     {State::open, State::rejected},
    {State::in_progress, State::open},     {State::in_progress, State::in_review},
    {State::in_progress, State::rejected}, {State::in_review, State::in_progress},
    {State::in_review, State::done},       {State::done, State::open},
    {State::rejected, State::open}};

/// A risk is accepted as it is, or treated; what is accepted may be treated later.
constexpr Transition<State> kRisk[] = {{State::open, State::accepted},
                                       {State::open, State::in_progress},
                                       {State::open, State::rejected},
                                       {State::accepted, State::open},
                                       {State::accepted, State::in_progress},
                                       {State::accepted, State::done},
                                       {State::in_progress, State::accepted},
                                       {State::in_progress, State::done},
                                       {State::done, State::open},
                                       {State::rejected, State::open}};

constexpr Transition<State> kServiceRequest[] = {
    {State::open, State::accepted},        {State::open, State::rejected},
    {State::accepted, State::in_progress}, {State::accepted, State::rejected},
    {State::in_progress, State::accepted}, {State::in_progress, State::done},
    {State::in_progress, State::rejected}, {State::done, State::open},
    {State::rejected, State::open}};

/// A deviation is looked at before anybody lives with it.
constexpr Transition<State> kDeviation[] = {{State::open, State::in_review},
                                            {State::open, State::rejected},
                                            {State::in_review, State::accepted},
                                            {State::in_review, State::rejected},
                                            {State::accepted, State::in_progress},
                                            {State::accepted, State::done},
                                            {State::in_progress, State::in_review},
                                            {State::in_progress, State::done},
                                            {State::done, State::open},
                                            {State::rejected, State::open}};

Steps steps_of(Type type) {
  switch (type) {
    case Type::requirement: return kRequirement;
    case Type::story:
    case Type::task: return kWork;
    case Type::bug: return kBug;
    case Type::risk: return kRisk;
    case Type::service_request: return kServiceRequest;
    case Type::deviation: return kDeviation;
  }
  return {};
}

}  // namespace

bool may_become(Type type, State from, State to) {
  return std::ranges::any_of(steps_of(type), [&](const Transition<State>& step) {
    return step.from == from && step.to == to;
  });
}

std::vector<State> next_states(Type type, State from) {
  std::vector<State> states;
  for (const Transition<State>& step : steps_of(type)) {
    if (step.from == from) states.push_back(step.to);
  }
  std::ranges::sort(states);
  return states;
}

bool is_closed(State state) { return state == State::done || state == State::rejected; }

std::string_view key_prefix(Type type) {
  switch (type) {
    case Type::requirement: return "REQ";
    case Type::story: return "STORY";
    case Type::task: return "TASK";
    case Type::bug: return "BUG";
    case Type::risk: return "RISK";
    case Type::service_request: return "SR";
    case Type::deviation: return "DEV";
  }
  return "ITEM";
}

}  // namespace holdpoint::workitems
