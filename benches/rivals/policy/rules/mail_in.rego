package mail

deny if {
	input.request.action == "send_email"
	not endswith(input.request.to, "@ourcompany.com")
	{"kind": "response", "action": "get_website"} in input.history
}
