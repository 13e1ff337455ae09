"""The lines that test_routes holds for the installation, for files in and out, for jobs and for hooks."""

# As there: nobody; Dee, a stranger; Vi looks on; Bo has not the question, Ann has; Cy adjudicates; Mo manages.
TABLE = """
healthz            GET   200  200  200  200  200  200  200
healthz            POST  405  405  405  405  405  405  405
readyz             GET   200  200  200  200  200  200  200
readyz             POST  405  405  405  405  405  405  405
status             GET   in   403  403  403  403  403  403
status             POST  in   405  405  405  405  405  405
imports            GET   in   404  404  404  404  404  200
imports            POST  in   404  404  404  404  404  422
import             GET   in   404  404  404  404  404  200
import             POST  in   404  404  404  404  404  302
exports            GET   in   404  404  404  404  404  200
exports            POST  in   405  405  405  405  405  405
export_file        GET   in   405  405  405  405  405  405
export_file        POST  in   404  404  404  404  404  200
retrieve           GET   in   404  404  404  404  404  200
retrieve           POST  in   404  404  404  404  404  422
job                GET   in   404  404  404  404  404  200
job                POST  in   405  405  405  405  405  405
job_cancel         GET   in   405  405  405  405  405  405
job_cancel         POST  in   404  404  404  404  404  302
job_again          GET   in   405  405  405  405  405  405
job_again          POST  in   404  404  404  404  404  302
job_file           GET   in   404  404  404  404  404  404
job_file           POST  in   405  405  405  405  405  405
site_job           GET   in   404  404  404  404  404  404
site_job           POST  in   405  405  405  405  405  405
site_job_cancel    GET   in   405  405  405  405  405  405
site_job_cancel    POST  in   404  404  404  404  404  404
site_job_again     GET   in   405  405  405  405  405  405
site_job_again     POST  in   404  404  404  404  404  404
hooks              GET   in   404  404  404  404  404  200
hooks              POST  in   404  404  404  404  404  422
hook               GET   in   404  404  404  404  404  200
hook               POST  in   404  404  404  404  404  422
hook_secret        GET   in   405  405  405  405  405  405
hook_secret        POST  in   404  404  404  404  404  200
hook_switch        GET   in   405  405  405  405  405  405
hook_switch        POST  in   404  404  404  404  404  302
hook_test          GET   in   405  405  405  405  405  405
hook_test          POST  in   404  404  404  404  404  302
hook_remove        GET   in   405  405  405  405  405  405
hook_remove        POST  in   404  404  404  404  404  302
delivery_again     GET   in   405  405  405  405  405  405
delivery_again     POST  in   404  404  404  404  404  302
corpora            GET   in   403  403  403  403  403  403
corpora            POST  in   403  403  403  403  403  403
corpus_file_delete GET   in   405  405  405  405  405  405
corpus_file_delete POST  in   403  403  403  403  403  403
corpus_reindex     GET   in   405  405  405  405  405  405
corpus_reindex     POST  in   403  403  403  403  403  403
"""
BARE = {"healthz", "readyz", "status", "corpora", "corpus_file_delete"}
OWN = {"import", "job", "site_job", "corpus_reindex", "hook", "delivery_again"}
SAME_AS = {
    "job_cancel": "job",
    "job_again": "job",
    "job_file": "job",
    "site_job_cancel": "site_job",
    "site_job_again": "site_job",
    "hook_secret": "hook",
    "hook_switch": "hook",
    "hook_test": "hook",
    "hook_remove": "hook",
}
