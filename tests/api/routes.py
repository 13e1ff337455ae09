"""What each operation of the API answers to everybody, and to a token that only reads or is for another project.

To add an operation, add its line; ``{…}`` are named in ``arguments``. A body is empty unless ``BODIES`` has one.
"""

# No token; Dee, a stranger; Vi looks on; Bo has not the question, Ann has; Cy adjudicates; Mo manages. Then a token of
# Mo’s that only reads, and one that is for the noise project alone.
CALLERS = ["nobody", "dee", "vi", "bo", "ann", "cy", "mo", "reads", "elsewhere"]
TABLE = """
GET  projects/                                  401 200 200 200 200 200 200 200 200
POST projects/                                  401 403 403 403 403 403 422 403 403
GET  tokens/                                    401 200 200 200 200 200 200 200 200
POST tokens/{token}/revoke/                     401 404 404 404 404 404 204 403 404
GET  corpora/                                   401 404 404 404 404 404 404 404 404
POST corpora/                                   401 404 404 404 404 404 404 403 404
GET  corpora/clocks-corpus/                     401 404 404 404 404 404 404 404 404
POST corpora/clocks-corpus/reindex/             401 404 404 404 404 404 404 403 404
GET  corpus-files/                              401 404 404 404 404 404 404 404 404
GET  jobs/                                      401 404 404 404 404 404 404 404 404
GET  jobs/{site_job}/                           401 404 404 404 404 404 404 404 404
POST jobs/{site_job}/cancel/                    401 404 404 404 404 404 404 403 404
POST jobs/{site_job}/again/                     401 404 404 404 404 404 404 403 404
GET  projects/{slug}/                           401 404 200 200 200 200 200 200 404
GET    projects/{slug}/settings/                  401 404 404 404 404 404 200 200 404
PATCH  projects/{slug}/settings/                  401 404 404 404 404 404 200 403 404
POST   projects/{slug}/delete/                    401 404 404 404 404 404 422 403 404
POST   projects/{slug}/restore/                   401 404 404 404 404 404 200 403 404
POST   projects/{slug}/leave/                     401 404 204 204 204 204 409 403 404
GET    projects/{slug}/batches/                   401 404 200 404 404 200 200 200 404
POST   projects/{slug}/batches/                   401 404 404 404 404 404 422 403 404
GET    projects/{slug}/batches/{batch}/           401 404 200 404 404 200 200 200 404
PATCH  projects/{slug}/batches/{batch}/           401 404 404 404 404 404 200 403 404
POST   projects/{slug}/batches/{batch}/ask-again/ 401 404 404 404 404 404 200 403 404
POST   projects/{slug}/assign/                    401 404 404 404 404 404 422 403 404
GET    projects/{slug}/assigned/                  401 404 404 404 404 404 200 200 404
POST   projects/{slug}/assigned/{slot}/back/      401 404 404 404 404 404 409 403 404
POST   projects/{slug}/prioritise/                401 404 404 404 404 404 422 403 404
GET    projects/{slug}/guidelines/                401 404 200 200 200 200 200 200 404
POST   projects/{slug}/guidelines/                401 404 404 404 404 404 422 403 404
GET    projects/{slug}/guidelines/newest/         401 404 200 200 200 200 200 200 404
GET    projects/{slug}/guidelines/1/              401 404 200 200 200 200 200 200 404
GET    projects/{slug}/members/                   401 404 200 404 404 200 200 200 404
POST   projects/{slug}/members/                   401 404 404 404 404 404 422 403 404
POST   projects/{slug}/members/file/              401 404 404 404 404 404 422 403 404
GET    projects/{slug}/members/{member}/          401 404 404 404 404 404 200 200 404
PATCH  projects/{slug}/members/{member}/          401 404 404 404 404 404 200 403 404
POST   projects/{slug}/members/{member}/link/     401 404 404 404 404 404 200 403 404
POST   projects/{slug}/members/{member}/remove/   401 404 404 404 404 404 200 403 404
POST   projects/{slug}/members/{member}/back/     401 404 404 404 404 404 200 403 404
POST   projects/{slug}/members/{member}/erase/    401 404 404 404 404 404 422 403 404
GET    projects/{slug}/invites/                   401 404 404 404 404 404 200 200 404
POST   projects/{slug}/invites/                   401 404 404 404 404 404 201 403 404
POST   projects/{slug}/invites/{invite}/revoke/   401 404 404 404 404 404 204 403 404
GET  projects/{slug}/questions/                 401 404 200 404 404 200 200 200 404
GET  projects/{slug}/search/                    401 404 422 404 404 422 422 422 404
GET  projects/{slug}/questions/{q}/             401 404 200 404 404 200 200 200 404
GET  projects/{slug}/questions/{q}/retrieval/   401 404 200 404 200 200 200 200 404
GET  projects/{slug}/questions/{q}/supplements/ 401 404 403 404 404 403 403 403 404
POST projects/{slug}/questions/{q}/look/        401 404 204 404 404 204 204 403 404
GET  projects/{slug}/questions/{q}/annotations/ 401 404 403 404 404 403 403 403 404
GET  projects/{slug}/annotations/               401 404 200 404 404 200 200 200 404
POST projects/{slug}/annotations/{a}/return/    401 404 404 404 404 403 403 403 404
GET  projects/{slug}/annotations/{a}/notes/     401 404 403 404 200 403 403 403 404
POST projects/{slug}/annotations/{a}/notes/     401 404 404 404 422 403 403 403 404
POST projects/{slug}/claim/                     401 404 404 200 200 200 200 403 404
GET  projects/{slug}/work/                      401 404 200 200 200 200 200 200 404
GET  projects/{slug}/work/{q}/                  401 404 404 404 200 404 404 404 404
PUT  projects/{slug}/work/{q}/                  401 404 404 404 422 404 404 403 404
PUT  projects/{slug}/work/{q}/conditions/card/  401 404 404 404 422 404 404 403 404
POST projects/{slug}/work/{q}/submit/           401 404 404 404 422 404 404 403 404
POST projects/{slug}/work/{q}/reopen/           401 404 404 404 200 404 404 403 404
POST projects/{slug}/work/{q}/skip/             401 404 404 404 422 404 404 403 404
POST projects/{slug}/work/{q}/resume/           401 404 404 404 200 404 404 403 404
GET  projects/{slug}/work/{q}/look-up/          401 404 404 404 422 404 404 404 404
GET  projects/{slug}/work/{q}/supplements/      401 404 404 404 200 404 404 404 404
POST projects/{slug}/work/{q}/supplements/      401 404 404 404 422 404 404 403 404
DELETE projects/{slug}/work/{q}/supplements/{added}/  401 404 404 404 204 404 404 403 404
GET  projects/{slug}/work/{q}/history/          401 404 404 404 200 404 404 404 404
GET  projects/{slug}/work/{q}/history/1/        401 404 404 404 200 404 404 404 404
POST projects/{slug}/work/{q}/history/1/undo/   401 404 404 404 409 404 404 403 404
POST projects/{slug}/work/{q}/history/1/restore/ 401 404 404 404 422 404 404 403 404
GET  projects/{slug}/work/{q}/drafts/           401 404 404 404 200 404 404 404 404
POST projects/{slug}/work/{q}/adopt/            401 404 404 404 422 404 404 403 404
GET  projects/{slug}/work/{q}/marks/            401 404 404 404 200 404 404 404 404
PATCH projects/{slug}/work/{q}/marks/           401 404 404 404 200 404 404 403 404
POST projects/{slug}/work/{q}/dismiss/          401 404 404 404 422 404 404 403 404
GET  projects/{slug}/consent/                   401 404 200 200 200 200 200 200 404
POST projects/{slug}/consent/                   401 404 404 404 404 404 200 403 404
POST projects/{slug}/consent/agree/             401 404 422 422 422 422 422 403 404
POST projects/{slug}/adjudicate/                401 404 404 404 404 204 204 403 404
POST projects/{slug}/questions/{q}/adjudicate/  401 404 404 404 404 409 409 403 404
GET  projects/{slug}/questions/{q}/desk/        401 404 404 404 404 409 409 409 404
POST projects/{slug}/questions/{q}/desk/        401 404 404 404 404 409 409 403 404
POST projects/{slug}/questions/{q}/leave/       401 404 404 404 404 204 204 403 404
GET  projects/{slug}/questions/{q}/desk/drafts/ 401 404 404 404 404 409 409 409 404
GET  projects/{slug}/questions/{q}/gold/history/ 401 404 403 404 404 403 403 403 404
GET  projects/{slug}/questions/{q}/gold/history/90/ 401 404 403 404 404 403 403 403 404
POST projects/{slug}/questions/{q}/gold/history/90/restore/ 401 404 404 404 404 409 409 403 404
GET  projects/{slug}/proposals/                 401 404 200 404 404 200 200 200 404
POST projects/{slug}/proposals/{proposal}/take/ 401 404 404 404 404 409 409 403 404
POST projects/{slug}/proposals/{proposal}/decline/ 401 404 404 404 404 422 422 403 404
GET  projects/{slug}/evaluations/{judged}/samples/ 401 404 200 404 404 200 200 200 404
POST projects/{slug}/evaluations/{judged}/samples/ 401 404 404 404 404 404 422 403 404
GET  projects/{slug}/evaluations/{judged}/samples/{sample}/ 401 404 200 404 404 200 200 200 404
POST projects/{slug}/evaluations/{judged}/samples/{sample}/begin/ 401 404 200 404 404 200 200 403 404
GET  projects/{slug}/evaluations/{judged}/samples/{sample}/pairs/ 401 404 200 404 404 200 200 200 404
PUT  projects/{slug}/evaluations/{judged}/samples/{sample}/pairs/1/ 401 404 404 404 404 404 404 403 404
GET  projects/{slug}/progress/                  401 404 404 404 404 404 200 200 404
GET  projects/{slug}/hours/                     401 404 404 404 404 404 200 200 404
GET  projects/{slug}/agreement/                 401 404 404 404 404 404 200 200 404
POST projects/{slug}/agreement/                 401 404 404 404 404 404 202 403 404
GET  projects/{slug}/agreement/questions/       401 404 404 404 404 404 200 200 404
POST projects/{slug}/evaluations/{n}/questions/1/propose/ 401 404 404 404 404 422 422 403 404
GET  projects/{slug}/systems/                   401 404 200 404 404 200 200 200 404
GET  projects/{slug}/systems/{system}/          401 404 200 404 404 200 200 200 404
POST projects/{slug}/predictions/               401 404 404 404 404 404 422 403 404
GET  projects/{slug}/imports/                   401 404 404 404 404 404 200 200 404
POST projects/{slug}/imports/                   401 404 404 404 404 404 422 403 404
GET  projects/{slug}/imports/{import}/          401 404 404 404 404 404 200 200 404
POST projects/{slug}/export/                    401 404 404 404 404 404 200 403 404
GET  projects/{slug}/corpora/                   401 404 404 404 404 404 200 200 404
POST projects/{slug}/retrieve/                  401 404 404 404 404 404 422 403 404
GET  projects/{slug}/jobs/                      401 404 404 404 404 404 200 200 404
GET  projects/{slug}/jobs/{job}/                401 404 404 404 404 404 200 200 404
GET  projects/{slug}/jobs/{job}/file/           401 404 404 404 404 404 404 404 404
POST projects/{slug}/jobs/{job}/cancel/         401 404 404 404 404 404 200 403 404
POST projects/{slug}/jobs/{job}/again/          401 404 404 404 404 404 202 403 404
GET    projects/{slug}/hooks/                     401 404 404 404 404 404 200 200 404
POST   projects/{slug}/hooks/                     401 404 404 404 404 404 422 403 404
GET    projects/{slug}/hooks/{hook}/              401 404 404 404 404 404 200 200 404
PATCH  projects/{slug}/hooks/{hook}/              401 404 404 404 404 404 200 403 404
DELETE projects/{slug}/hooks/{hook}/              401 404 404 404 404 404 204 403 404
POST   projects/{slug}/hooks/{hook}/secret/       401 404 404 404 404 404 200 403 404
POST   projects/{slug}/hooks/{hook}/test/         401 404 404 404 404 404 409 403 404
GET    projects/{slug}/hooks/{hook}/deliveries/   401 404 404 404 404 404 200 200 404
POST   projects/{slug}/hooks/{hook}/deliveries/{delivery}/again/ 401 404 404 404 404 404 409 403 404
GET  projects/{slug}/evaluations/               401 404 200 404 404 200 200 200 404
POST projects/{slug}/evaluations/               401 404 404 404 404 404 409 403 404
GET  projects/{slug}/evaluations/{n}/           401 404 200 404 404 200 200 200 404
GET  projects/{slug}/evaluations/{n}/questions/ 401 404 200 404 404 200 200 200 404
POST projects/{slug}/evaluations/{n}/go-on/     401 404 404 404 404 404 409 403 404
POST projects/{slug}/evaluations/{n}/stop/      401 404 404 404 404 404 409 403 404
POST projects/{slug}/evaluations/{n}/discard/   401 404 404 404 404 404 409 403 404
GET  projects/{slug}/releases/                  401 404 200 404 404 200 200 200 404
POST projects/{slug}/releases/                  401 404 404 404 404 404 422 403 404
POST projects/{slug}/releases/trial/            401 404 404 404 404 404 409 403 404
GET  projects/{slug}/releases/{tag}/            401 404 200 404 404 200 200 200 404
GET  projects/{slug}/releases/{tag}/since/1.0.0/ 401 404 200 404 404 200 200 200 404
POST projects/{slug}/releases/{tag}/file/       401 404 200 404 404 200 200 403 404
"""
LINES = {
    (method, path): dict(zip(CALLERS, cells, strict=True))
    for method, path, *cells in map(str.split, filter(None, TABLE.splitlines()))
}
FILES = {("POST", f"projects/{{slug}}/{path}/") for path in ("predictions", "imports", "members/file")}
BODIES = {
    ("POST", "projects/{slug}/export/"): {"format": "full"},
    ("POST", "projects/{slug}/questions/{q}/desk/"): {"do": "finish", "step": 0, "work": "1.1"},
}
