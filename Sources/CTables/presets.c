#include "CTables.h"

// The files of deploy/presets, each one constant array, in the order in which the manual lists them.

static const unsigned char django_helpdesk[] = {
#embed "../../deploy/presets/django-helpdesk.jsonc"
};

static const unsigned char redmine[] = {
#embed "../../deploy/presets/redmine.jsonc"
};

static const unsigned char zammad[] = {
#embed "../../deploy/presets/zammad.jsonc"
};

static const unsigned char zendesk[] = {
#embed "../../deploy/presets/zendesk.jsonc"
};

static const unsigned char freshdesk[] = {
#embed "../../deploy/presets/freshdesk.jsonc"
};

static const unsigned char osticket[] = {
#embed "../../deploy/presets/osticket.jsonc"
};

static const unsigned char chatwoot[] = {
#embed "../../deploy/presets/chatwoot.jsonc"
};

static const unsigned char helpscout[] = {
#embed "../../deploy/presets/helpscout.jsonc"
};

static const unsigned char hubspot[] = {
#embed "../../deploy/presets/hubspot.jsonc"
};

static const unsigned char jira_sm[] = {
#embed "../../deploy/presets/jira-sm.jsonc"
};

static const unsigned char gitlab[] = {
#embed "../../deploy/presets/gitlab.jsonc"
};

static const unsigned char github[] = {
#embed "../../deploy/presets/github.jsonc"
};

static const unsigned char freescout[] = {
#embed "../../deploy/presets/freescout.jsonc"
};

static const unsigned char znuny[] = {
#embed "../../deploy/presets/znuny.jsonc"
};

static const struct {
    const char *name;
    ctables_file file;
} presets[] = {
    {"django-helpdesk", {django_helpdesk, sizeof django_helpdesk}},
    {"redmine", {redmine, sizeof redmine}},
    {"zammad", {zammad, sizeof zammad}},
    {"zendesk", {zendesk, sizeof zendesk}},
    {"freshdesk", {freshdesk, sizeof freshdesk}},
    {"osticket", {osticket, sizeof osticket}},
    {"chatwoot", {chatwoot, sizeof chatwoot}},
    {"helpscout", {helpscout, sizeof helpscout}},
    {"hubspot", {hubspot, sizeof hubspot}},
    {"jira-sm", {jira_sm, sizeof jira_sm}},
    {"gitlab", {gitlab, sizeof gitlab}},
    {"github", {github, sizeof github}},
    {"freescout", {freescout, sizeof freescout}},
    {"znuny", {znuny, sizeof znuny}},
};

long ctables_preset_count(void) { return sizeof presets / sizeof presets[0]; }
const char *ctables_preset_name(long index) { return presets[index].name; }
ctables_file ctables_preset(long index) { return presets[index].file; }
