// See planner.hpp. Children have lower numbers than their parents, so one pass in order suffices.
#include "policy/cel/planner.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"

namespace holdpoint::policy::cel {
namespace {

/// The type itself when facts of it must be converted as they are read, nullptr otherwise.
const Type* conversion(const Type* type) {
  switch (type->kind) {
    case TypeKind::timestamp:
    case TypeKind::duration:
    case TypeKind::bytes:
    case TypeKind::floating: return type;
    case TypeKind::list: return conversion(type->element) == nullptr ? nullptr : type;
    default: return nullptr;
  }
}

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
    step.first = static_cast<std::uint32_t>(out_.children.size());
    step.count = static_cast<std::uint32_t>(node.children.size());
    out_.children.insert(out_.children.end(), node.children.begin(), node.children.end());
    step.function = annotation.function;
    const bool is_reading = node.kind == NodeKind::ident || node.kind == NodeKind::select ||
                            node.kind == NodeKind::index;
    if (is_reading && annotation.reference != Reference::local &&
        annotation.reference != Reference::variable) {
      step.adapt = conversion(annotation.type);
    }
    if (annotation.reference != Reference::none) plan_reference(step, annotation, id);
    if (step.op == Op::select) plan_path(step, node);
    HP_ASSERT(step.op == Op::variable || step.slot < loop_slots_max,
              "CEL-1: loops nest within their bound");
    if (step.op == Op::call) plan_call(step, node);
    if (step.op == Op::list) plan_list(step, node);
  }

  void plan_reference(Step& step, const Annotation& annotation, NodeId id) {
    switch (annotation.reference) {
      case Reference::none: return;
      case Reference::local: step.op = Op::local; return;
      case Reference::variable:
        step.op = Op::variable;
        step.variable = annotation.slot;
        return;
      case Reference::type_name:
        step.op = Op::constant;
        step.adapt = nullptr;
        step.constant = Value::type(out_.tree.texts->emplace_back(out_.tree.text(id)));
        return;
      case Reference::fact:
        step.op = Op::path;
        step.path = static_cast<std::uint32_t>(out_.path_fields.size());
        step.path_count = 1;
        out_.path_fields.push_back({step.name, step.absence});
        return;
    }
  }

  /// A select on a path is a longer path, unless what it selects from needs converting.
  void plan_path(Step& step, const Node& node) {
    const Step target = out_.steps[node.children[0]];
    if (target.op != Op::path || target.adapt != nullptr) return;
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
      auto regex = Regex::compile(out_.tree.nodes[node.children[1]].constant.as_text());
      HP_ASSERT(regex.has_value(), "CEL-2: the checker compiled the pattern");
      step.regex = &out_.regexes.emplace_back(std::move(*regex));
      step.op = Op::match;
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
                                   value.is(Kind::list) || value.is(Kind::map);
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
};

}  // namespace

std::shared_ptr<const Compiled> plan(Tree tree, const std::vector<Annotation>& annotations,
                                     const Environment& environment) {
  auto out = std::make_shared<Compiled>();
  out->tree = std::move(tree);
  out->limits = environment.limits;
  out->types = environment.schema.types();
  for (const Annotation& annotation : annotations) {
    out->node_types.push_back(annotation.type);
    out->disclosures.push_back(annotation.disclosure);
  }
  for (const Variable& variable : environment.variables) {
    out->variables.push_back({variable.name, &variable.program->compiled()});
  }
  Planner(*out, annotations).run();
  return out;
}

}  // namespace holdpoint::policy::cel
