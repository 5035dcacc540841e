package mail

deny if {
	input.request.action == "send_email"
	not endswith(input.request.to, "@ourcompany.com")
	some event in input.history
	event.action == "get_website"
	event.kind == "response"
}
