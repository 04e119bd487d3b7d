// See planner.hpp. Children have lower numbers than their parents, so one pass in order suffices.
#include "policy/cel/planner.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"
#include "policy/cel/whole_use.hpp"

namespace holdpoint::policy::cel {
namespace {

Op operation(NodeKind kind) {
  switch (kind) {
    // A name gets its step from what it refers to; the name of a loop's element refers to nothing.
    case NodeKind::constant:
    case NodeKind::ident: return Op::constant;
    case NodeKind::select: return Op::select;
    case NodeKind::has: return Op::has;
    case NodeKind::index: return Op::index;
    case NodeKind::list: return Op::list;
    case NodeKind::map: return Op::map;
    case NodeKind::call: return Op::call;
    case NodeKind::all: return Op::all;
    case NodeKind::exists: return Op::exists;
    case NodeKind::exists_one: return Op::exists_one;
    case NodeKind::map_each: return Op::map_each;
    case NodeKind::filter: return Op::filter;
    case NodeKind::transform_map: return Op::transform_map;
    case NodeKind::transform_entries: return Op::transform_entries;
    case NodeKind::sort_by: return Op::sort_by;
    case NodeKind::optional_select: return Op::optional_select;
    case NodeKind::optional_index: return Op::optional_index;
    case NodeKind::optional_entry: return Op::optional_entry;
    case NodeKind::optional_map: return Op::optional_map;
    case NodeKind::optional_flat_map: return Op::optional_flat_map;
    case NodeKind::bind: return Op::bind;
    case NodeKind::logical_and: return Op::logical_and;
    case NodeKind::logical_or: return Op::logical_or;
    case NodeKind::conditional: return Op::conditional;
    case NodeKind::logical_not: return Op::logical_not;
    case NodeKind::negate: return Op::negate;
    case NodeKind::add:
    case NodeKind::subtract:
    case NodeKind::multiply:
    case NodeKind::divide:
    case NodeKind::modulo: return Op::arithmetic;
    case NodeKind::equal: return Op::equal;
    case NodeKind::not_equal: return Op::not_equal;
    case NodeKind::less:
    case NodeKind::less_equal:
    case NodeKind::greater:
    case NodeKind::greater_equal: return Op::order;
    case NodeKind::in: return Op::in;
  }
  return Op::constant;
}

class Planner {
 public:
  Planner(Compiled& out, const std::vector<Annotation>& annotations)
      : out_(out), annotations_(annotations) {}

  void run() {
    out_.steps.resize(out_.tree.nodes.size());
    whole_uses_ = whole_uses(out_.tree, annotations_);
    out_.outcome_adapt = whole_conversion(annotations_[out_.tree.root].type);
    for (NodeId id = 0; id < out_.steps.size(); ++id) plan(id);
    out_.hints =
        std::make_unique<std::atomic<std::uint32_t>[]>(out_.steps.size() + out_.path_fields.size());
  }

 private:
  void plan(NodeId id) {
    const Node& node = out_.tree.nodes[id];
    const Annotation& annotation = annotations_[id];
    Step& step = out_.steps[id];
    step.op = operation(node.kind);
    step.kind = node.kind;
    step.name = node.name;
    step.constant = node.constant;
    step.absence = annotation.is_declared ? Absence::unknown : Absence::error;
    step.slot = static_cast<std::uint8_t>(annotation.slot);
    step.has_second = !node.second.empty();
    step.first = static_cast<std::uint32_t>(out_.children.size());
    step.count = static_cast<std::uint32_t>(node.children.size());
    out_.children.insert(out_.children.end(), node.children.begin(), node.children.end());
    step.function = annotation.function;
    if (gives_facts(node, annotation)) {
      step.adapt =
          whole_uses_[id] ? whole_conversion(annotation.type) : conversion(annotation.type);
    }
    if (annotation.reference != Reference::none) plan_reference(step, annotation);
    if (step.op == Op::select) plan_select(step, node);
    HP_ASSERT(step.op == Op::variable || step.slot < local_slots_max,
              "CEL-1: loops nest within their bound");
    if (!annotation.failure.empty()) {
      step.op = Op::failure;
      step.name = out_.tree.texts->emplace_back(annotation.failure);
      return;
    }
    if (step.op == Op::sort_by) {
      step.function = find_function("@sortByAssociatedKeys", Receiver::present);
      HP_ASSERT(step.function != nullptr, "CEL-6: the macro sortBy has its function");
    }
    if (step.op == Op::call) plan_call(step, node);
    if (step.op == Op::list) plan_list(step, node);
  }

  /// Whether the value may be or hold a fact as JSON has it.
  static bool gives_facts(const Node& node, const Annotation& annotation) {
    switch (node.kind) {
      case NodeKind::ident:
      case NodeKind::select:
      case NodeKind::index:
      case NodeKind::optional_select:
      case NodeKind::optional_index:
      case NodeKind::filter:
      case NodeKind::sort_by: return annotation.reference != Reference::type_name;
      default: return false;
    }
  }

  void plan_reference(Step& step, const Annotation& annotation) {
    switch (annotation.reference) {
      case Reference::none: return;
      case Reference::local: step.op = Op::local; return;
      case Reference::second_local: step.op = Op::second_local; return;
      case Reference::variable:
        step.op = Op::variable;
        step.variable = annotation.slot;
        return;
      case Reference::type_name:
        step.op = Op::constant;
        step.adapt = nullptr;
        step.constant = Value::type(out_.tree.texts->emplace_back(annotation.name));
        return;
      case Reference::fact:
        step.op = Op::path;
        step.path = static_cast<std::uint32_t>(out_.path_fields.size());
        step.path_count = 1;
        step.name = out_.tree.texts->emplace_back(annotation.name);
        out_.path_fields.push_back({step.name, step.absence});
        return;
    }
  }

  /// A select on a path is a longer path, and one on a local is one step with it, unless what it
  /// selects from needs converting.
  void plan_select(Step& step, const Node& node) {
    const Step target = out_.steps[node.children[0]];
    if (target.adapt != nullptr) return;
    if (target.op == Op::local) {
      step.op = Op::local_field;
      step.slot = target.slot;
    }
    if (target.op != Op::path) return;
    step.op = Op::path;
    step.path = static_cast<std::uint32_t>(out_.path_fields.size());
    step.path_count = target.path_count + 1;
    for (std::uint32_t i = 0; i < target.path_count; ++i) {
      out_.path_fields.push_back(out_.path_fields[target.path + i]);
    }
    out_.path_fields.push_back({step.name, step.absence});
  }

  void plan_call(Step& step, const Node& node) {
    if (node.name == "matches" && out_.tree.nodes[node.children[1]].kind == NodeKind::constant) {
      const Value& pattern = out_.tree.nodes[node.children[1]].constant;
      if (!pattern.is(Kind::string)) return;
      auto regex = Regex::compile(pattern.as_text());
      if (!regex) return;
      step.regex = &out_.regexes.emplace_back(std::move(*regex));
      step.op = Op::match;
      return;
    }
    if (step.function->run == nullptr) {
      step.op = Op::failure;
      step.name = "the function is declared only";
      return;
    }
    if (node.receiver == Receiver::present && node.name == "or") {
      step.op = Op::optional_or;
      return;
    }
    if (node.receiver == Receiver::present && node.name == "orValue") {
      step.op = Op::optional_or_value;
      return;
    }
    if (node.name == "size" && out_.steps[node.children[0]].op == Op::filter) {
      step.op = Op::filtered_size;
      return;
    }
    fold(step, node);
  }

  /// A function of constants is called now; errors wait for the evaluation.
  void fold(Step& step, const Node& node) {
    std::array<Value, function_arguments_max> arguments;
    if (node.children.size() > arguments.size()) return;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const Step& child = out_.steps[node.children[i]];
      if (child.op != Op::constant) return;
      arguments[i] = child.constant;
    }
    const json::object no_facts;
    Session session(no_facts, out_.limits);
    const Value value =
        step.function->run(Call{session, 0, std::span(arguments.data(), node.children.size())});
    const bool refers_to_session = value.is(Kind::string) || value.is(Kind::bytes) ||
                                   value.is(Kind::list) || value.is(Kind::map) ||
                                   value.is(Kind::optional);
    if (!value.is_value() || refers_to_session) return;
    step.op = Op::constant;
    step.constant = value;
  }

  void plan_list(Step& step, const Node& node) {
    std::vector<Value> items;
    for (const NodeId child : node.children) {
      if (out_.steps[child].op != Op::constant) return;
      items.push_back(out_.steps[child].constant);
    }
    const auto& kept = out_.list_items.emplace_back(std::move(items));
    step.op = Op::constant;
    step.constant = Value::of(out_.lists.emplace_back(ValueList{kept.data(), kept.size()}));
  }

  Compiled& out_;
  const std::vector<Annotation>& annotations_;
  std::vector<bool> whole_uses_;
};

}  // namespace

std::shared_ptr<const Compiled> plan(Tree tree, const Checked& checked,
                                     const Environment& environment) {
  auto out = std::make_shared<Compiled>();
  out->tree = std::move(tree);
  out->limits = environment.options.limits;
  out->types = checked.types;
  out->schema_types = environment.schema.types();
  for (const Annotation& annotation : checked.annotations) {
    out->node_types.push_back(annotation.type);
    out->disclosures.push_back(annotation.disclosure);
  }
  for (const Variable& variable : environment.options.variables) {
    out->variables.push_back({variable.name, &variable.program->compiled()});
  }
  Planner(*out, checked.annotations).run();
  return out;
}

}  // namespace holdpoint::policy::cel
