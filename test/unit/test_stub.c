#include "unit.h"
Suite *suite_base(void){return suite_create("base");}
Suite *suite_record(void){return suite_create("record");}
Suite *suite_report(void){return suite_create("report");}
Suite *suite_check(void){return suite_create("check");}
