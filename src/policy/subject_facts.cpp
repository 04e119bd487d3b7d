// See subject_facts.hpp.
#include "policy/subject_facts.hpp"

namespace holdpoint::policy {

RegulatedFlags flags_of(const std::vector<catalog::DataClass>& classes) {
  RegulatedFlags flags;
  for (const catalog::DataClass one : classes) {
    switch (one) {
      case catalog::DataClass::phi: flags.phi = true; break;
      case catalog::DataClass::cardholder: flags.cardholder = true; break;
      case catalog::DataClass::personal: flags.personal = true; break;
      case catalog::DataClass::financial: flags.financial_reporting = true; break;
    }
  }
  return flags;
}

std::vector<LengthBound> subject_bounds() {
  return {
      bound(&ApplicationSubject::name, catalog::name_bytes_max),
      bound(&ApplicationSubject::data_classes, catalog::data_classes_max),
      bound(&ApplicationSubject::owners, catalog::list_items_max, catalog::text_bytes_max),
      bound(&EnvironmentSubject::name, catalog::name_bytes_max),
  };
}

}  // namespace holdpoint::policy
