// The one translation unit that holds Boost.JSON's definitions; every other file sees declarations
// only, by way of base/json.hpp.
#include <boost/json/src.hpp>
