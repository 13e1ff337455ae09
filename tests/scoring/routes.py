"""The lines of scoring’s routes in the table of tests/test_routes.py, and which arguments each is called with."""

TABLE = """
agreement            GET  in   404  404  404  404  404  200
agreement            POST in   404  404  404  404  404  302
release_cut          GET  in   404  404  404  404  404  200
release_cut          POST in   404  404  404  404  404  422
release_look         GET  in   405  405  405  405  405  405
release_look         POST in   404  404  404  404  404  302
release_trial        GET  in   405  405  405  405  405  405
release_trial        POST in   404  404  404  404  404  422
releases             GET  in   404  200  404  404  200  200
releases             POST in   405  405  405  405  405  405
release              GET  in   404  200  404  404  200  200
release              POST in   405  405  405  405  405  405
release_file         GET  in   405  405  405  405  405  405
release_file         POST in   404  200  404  404  200  200
release_diff         GET  in   404  200  404  404  200  200
release_diff         POST in   405  405  405  405  405  405
evaluations          GET  in   404  200  404  404  200  200
evaluations          POST in   404  404  404  404  404  422
evaluation           GET  in   404  200  404  404  200  200
evaluation           POST in   405  405  405  405  405  405
evaluation_go_on     GET  in   405  405  405  405  405  405
evaluation_go_on     POST in   404  404  404  404  404  302
evaluation_stop      GET  in   405  405  405  405  405  405
evaluation_stop      POST in   404  404  404  404  404  302
evaluation_count     GET  in   405  405  405  405  405  405
evaluation_count     POST in   404  404  404  404  404  302
evaluation_discard   GET  in   405  405  405  405  405  405
evaluation_discard   POST in   404  404  404  404  404  302
evaluation_file      GET  in   405  405  405  405  405  405
evaluation_file      POST in   404  200  404  404  200  200
evaluation_board     GET  in   404  200  404  404  200  200
evaluation_board     POST in   405  405  405  405  405  405
evaluation_compare   GET  in   404  200  404  404  200  200
evaluation_compare   POST in   405  405  405  405  405  405
evaluation_questions GET  in   404  302  404  404  302  302
evaluation_questions POST in   405  405  405  405  405  405
evaluation_question  GET  in   404  200  404  404  200  200
evaluation_question  POST in   404  302  404  404  302  302
propose              GET  in   405  405  405  405  405  405
propose              POST in   404  404  404  404  404  404
proposals            GET  in   404  200  404  404  200  200
proposals            POST in   405  405  405  405  405  405
proposal_take        GET  in   405  405  405  405  405  405
proposal_take        POST in   404  404  404  404  302  302
proposal_decline     GET  in   405  405  405  405  405  405
proposal_decline     POST in   404  404  404  404  302  302
judge                GET  in   404  200  404  404  200  200
judge                POST in   405  405  405  405  405  405
sample_new           GET  in   405  405  405  405  405  405
sample_new           POST in   404  404  404  404  404  422
rating               GET  in   404  200  404  404  200  200
rating               POST in   404  302  404  404  302  302
rate                 GET  in   404  404  404  404  404  404
rate                 POST in   404  404  404  404  404  404
"""
OWN = {"judge", "rating", "rate"}
OWN |= {"release", "release_diff", "evaluation", "evaluation_compare", "evaluation_question", "proposal_take"}
SAME_AS = {
    "release_file": "release",
    "evaluation_go_on": "evaluation",
    "evaluation_stop": "evaluation",
    "evaluation_count": "evaluation",
    "evaluation_discard": "evaluation",
    "evaluation_file": "evaluation",
    "evaluation_board": "evaluation",
    "evaluation_questions": "evaluation",
    "propose": "evaluation_question",
    "sample_new": "judge",
    "proposal_decline": "proposal_take",
}
