"""Who may see and change which rows, as queryset methods that chain. Every view begins with one of these."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from annotator.membership import belonging

if TYPE_CHECKING:
    from annotator.membership import AnyUser
    from annotator.models import Annotation, Assignment, Batch, Cursor, Member, Question, Release

FREE = Q(retrieval__isnull=False) & (Q(overlap__isnull=True) | Q(taken__lt=F("overlap")))
# What the search has yet to read; the indexes of it are as good as empty.
UNREAD = Q(indexed__isnull=True) | Q(indexed__lt=F("retrieval"))
STEPPED = Q(indexed__lt=F("revisions_made"))


def ended_by(at: datetime) -> Q:
    """Return what holds of a slot whose lease has ended at a time."""
    return Q(state="in_progress", lease_until__lt=at)


class BatchQuerySet(models.QuerySet["Batch"]):
    def running(self, at: datetime | None = None) -> Self:
        """Return the batches of which questions may be begun at a time, now if none is named, in order."""
        now = at or timezone.now()
        opened = self.filter(Q(opens__isnull=True) | Q(opens__lte=now), Q(closes__isnull=True) | Q(closes__gt=now))
        return opened.order_by("position", "pk")

    def open_to(self, member: "Member", at: datetime | None = None) -> Self:
        """Return those of the member's project that have not given them as many questions as one person gets."""
        from annotator.models import Assignment

        theirs = Assignment.objects.filter(member=member, question__batch=OuterRef("pk")).order_by()
        kept = theirs.exclude(state__in=Assignment.GIVEN_BACK).values("question__batch")
        number = Coalesce(Subquery(kept.annotate(number=Count("pk")).values("number")), 0)
        return self.running(at).filter(Q(cap__isnull=True) | Q(cap__gt=number), project=member.project_id)


class CursorQuerySet(models.QuerySet["Cursor"]):
    def start_over(self) -> None:
        """Let the claims go through their batches from the beginning."""
        self.update(upto=F("offset"), changes=F("changes") + 1)

    @transaction.atomic(savepoint=False)
    def set_back(self, batch: "Batch", questions: "QuestionQuerySet") -> None:
        """Let everybody's next claim in a batch come by these questions of it."""
        from annotator.models.questions import TURN

        ends = questions.aggregate(least=Min(batch.place), most=Max(batch.place))
        if ends["least"] is None:
            return
        before = ends["least"] - 1
        cursors = self.filter(batch=batch)
        # In one order, so that no two who do this wait for each other.
        list(cursors.order_by("pk").select_for_update().values_list("pk"))
        onwards = When(offset__lte=before, then=Value(before))
        turned = When(offset__gte=ends["most"], then=Value(before + TURN * (batch.order == "random")))
        place = Case(onwards, turned, default=F("offset"), output_field=models.BigIntegerField())
        cursors.update(upto=Least(F("upto"), place), changes=F("changes") + 1)


class QuestionQuerySet(models.QuerySet["Question"]):
    def with_free_slot(self) -> Self:
        """Return the questions that have a list and a slot left; the indexes of what is free are theirs."""
        return self.filter(FREE)

    def claimable_by(self, member: "Member") -> Self:
        """Return the questions with a free slot that the member neither has nor has looked at."""
        free = self.with_free_slot().exclude(assignments__member=member)
        return free if member.project.lookers_may_annotate else free.exclude(looks__member=member)

    def on_offer_to(self, member: "Member") -> Self:
        """Return what the member may claim in their project now, with a free slot or one whose lease has ended."""
        from annotator.models import Assignment, Batch

        lapsed = Assignment.objects.lapsed_for(member).order_by().values("question")
        given_out = self.filter(batch__in=Batch.objects.open_to(member).order_by().values("pk"))
        return given_out.filter(Q(pk__in=self.claimable_by(member).values("pk")) | Q(pk__in=lapsed))

    def read_by(self, member: "Member") -> Self:
        """Return the questions whose list a member reads: all of their project, or only those that they have begun."""
        of_project = self.filter(batch__project=member.project_id)
        begun = of_project.filter(annotations__author=member, annotations__source="human")
        return begun if member.role == "annotator" else of_project

    def unread(self) -> Self:
        """Return the questions that the search has not read yet, or without the list that they have now."""
        return self.filter(UNREAD)

    def found_by(self, words: str) -> Self:
        """Return the questions whose text or id holds ``words``."""
        return self.filter(Q(text__icontains=words) | Q(external_id__icontains=words)) if words else self

    def in_order(self) -> Self:
        """Order as questions stand, batch by batch; a batch may be given out in another order."""
        return self.order_by("batch__position", "batch", "order")

    def behind(self, pk: int) -> Self:
        """Return the questions that stand behind one in that order; all of them if there is no such one. Queries."""
        place = self.model.objects.filter(pk=pk).values_list("batch__position", "batch", "order").first()
        if place is None:
            return self
        position, batch, order = place
        later_batch = Q(batch__position__gt=position) | Q(batch__position=position, batch__gt=batch)
        return self.filter(later_batch | Q(batch=batch, order__gt=order))

    def staged(self) -> Self:
        """Annotate each question with how often it is ``handed_in``, and with its ``stage``.

        That is no_list, to_do, in_progress, partly (handed in, less often than asked), done (as often as asked; twice
        where there is no limit), adjudicating (its gold is begun) or gold.
        """
        from annotator.models import Annotation

        human = Annotation.objects.filter(question=OuterRef("pk"), source="human").order_by()
        begun = Annotation.objects.filter(question=OuterRef("pk"), source="gold").order_by()
        counted = human.submitted().values("question").annotate(number=Count("pk")).values("number")
        return self.annotate(
            handed_in=Coalesce(Subquery(counted), 0),
            stage=Case(
                When(Exists(begun.gold()), then=Value("gold")),
                When(Exists(begun), then=Value("adjudicating")),
                When(retrieval__isnull=True, then=Value("no_list")),
                When(handed_in__gte=Coalesce(F("overlap"), 2), then=Value("done")),
                When(handed_in__gt=0, then=Value("partly")),
                When(Q(taken__gt=0) | Exists(human), then=Value("in_progress")),
                default=Value("to_do"),
            ),
        )

    def at_stage(self, stage: str) -> Self:
        """Return those of ``staged`` questions that are at one stage; "free": with a free slot, whatever else.

        As long as somebody is at work on it a question is annotated in part, however many have submitted.
        """
        if stage == "free":
            return self.with_free_slot()
        if stage == "done":
            return self.ready().filter(Q(stage=stage))
        return self.filter(Q(stage=stage)) if stage != "partly" else self.filter(Q(stage=stage)) | self.at_work_again()

    def at_work_again(self) -> Self:
        """Return the ``staged`` questions that have been annotated as often as asked, and somebody is at work on."""
        return self.filter(Q(stage="done")).exclude(pk__in=self.ready().values("pk"))

    def ready(self) -> Self:
        """Return the ``staged`` questions that wait for adjudication: every slot submitted, nobody at work on one.

        Where there is no limit, two people must have submitted, and whose lease has ended is not waited for.
        """
        from annotator.models import Assignment

        at_work = Assignment.objects.filter(question=OuterRef("pk")).at_work()
        enough = Q(handed_in__gte=Coalesce(F("overlap"), 2))
        return self.filter(enough & ~Exists(at_work)).exclude(stage="gold")

    def adjudicable_by(self, member: "Member") -> Self:
        """Return the questions that the member has not annotated, unless their project lets them adjudicate those."""
        own = member.assignments.filter(question=OuterRef("pk"))
        if member.project.annotators_may_adjudicate:
            return self.filter(~Exists(own.open().order_by()))
        return self.filter(~Exists(own), ~Exists(member.annotations.filter(source="human", question=OuterRef("pk"))))

    def free_for(self, member: "Member") -> Self:
        """Return the questions that no other adjudicator has in hand."""
        mine = Q(adjudicator__isnull=True) | Q(adjudicator=member)
        return self.filter(mine | Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now()))

    def least_agreed_first(self) -> Self:
        return self.order_by(F("accord").asc(nulls_last=True), "batch__position", "batch", "order")

    def not_blind_for(self, user: "AnyUser") -> Self:
        """Return the questions on which the user may see what others wrote.

        That is after submitting their own, or after looking, which is a step that they take themselves, as long as they
        have it not in hand. A question without a free slot is no exception: one may come back, or be added.
        """
        from annotator.models import Assignment, Look

        own = Assignment.objects.of(user).filter(question=OuterRef("pk"))
        looked = Look.objects.filter(member__user=user.pk, question=OuterRef("pk"))
        return self.filter(
            Exists(own.filter(state="submitted")) | (Exists(looked) & ~Exists(own.in_hand())),
            belonging(user, "batch__project__members__"),
            batch__project__members__role__in=["manager", "adjudicator", "viewer"],
        )

    def with_sight(self, user: "AnyUser") -> Self:
        """Annotate each question with whether the user ``sees`` what others wrote on it."""
        return self.annotate(sees=Exists(self.model.objects.not_blind_for(user).filter(pk=OuterRef("pk"))))

    def shown_to_operator(self, user: "AnyUser") -> Self:
        """Return the questions whose work the administration shows: a member's as for ``not_blind_for``, all others."""
        from annotator.models import Project

        # Who left a project, or deleted it, is no stranger to it.
        own = Project.objects.filter(members__user=user.pk)
        return self.filter(~Q(batch__project__in=own) | Q(pk__in=self.model.objects.not_blind_for(user)))


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def of(self, user: "AnyUser") -> Self:
        """Return the user's own slots."""
        return self.filter(belonging(user, "member__"))

    def open(self) -> Self:
        """Return the slots whose work is not yet handed in, returned work first, then as last touched."""
        return self.filter(state__in=["in_progress", "returned"]).order_by("-state", "-annotation__saved")

    def at_work(self) -> Self:
        """Return the open slots that are waited for: those whose lease has not ended."""
        return self.open().exclude(ended_by(timezone.now())).order_by()

    def assigned(self) -> Self:
        """Return the slots that a manager gave and nobody has begun, in the order of their questions."""
        return self.filter(state="assigned").order_by("question__batch__position", "question__batch", "question__order")

    def in_hand(self) -> Self:
        """Return the slots whose work is still to be done or handed in."""
        return self.filter(state__in=["assigned", "in_progress", "returned"]).order_by()

    def ended(self, at: datetime | None = None) -> Self:
        """Return the slots whose lease has ended, by columns of their own: a conditional update may build on it."""
        return self.filter(ended_by(at or timezone.now()))

    def lapsed(self, at: datetime | None = None) -> Self:
        """Return those of them on questions that have no other free slot: a claim may take them."""
        return self.ended(at).filter(question__taken__gte=F("question__overlap")).order_by("lease_until", "pk")

    def lapsed_for(self, member: "Member", at: datetime | None = None) -> Self:
        """Return the lapsed slots that the member may be given now: of others, on what they have not looked at."""
        from annotator.models import Batch

        # Asked of each slot, of which there are few, and not walked to from the batches' questions.
        theirs = Exists(Batch.objects.open_to(member, at).filter(pk=OuterRef("question__batch")).order_by())
        lapsed = self.lapsed(at).filter(theirs).exclude(question__assignments__member=member)
        return lapsed if member.project.lookers_may_annotate else lapsed.exclude(question__looks__member=member)

    def counted(self) -> Self:
        """Annotate each slot with its number of ``conditions``, and fetch its question and annotation."""
        live = Q(annotation__conditions__removed=False)
        counted = self.annotate(conditions=Count("annotation__conditions", filter=live))
        return counted.select_related("question", "annotation")


# What the workbench shows and its saves need; the rest of seven tables is not read.
SHOWN = (
    *("version", "revisions_made", "dismissed", "saved", "submitted"),
    *("question__text", "question__order", "question__supplementary", "question__retrieval__digest"),
    *("question__retrieval__settings", "question__batch__project__corpus"),
    *("question__batch__name", "question__batch__size", "question__batch__guideline_version"),
    *("question__batch__project__slug", "question__batch__project__name", "question__batch__project__silenced_checks"),
    "question__batch__project__reopening",
    "question__batch__project__lookers_may_annotate",
    "question__batch__project__show_drafts",
    "question__batch__project__lease_hours",
    "question__batch__project__idle_seconds",
    *("retrieval", "author__project", "author__role", "author__pseudonym", "author__submitted"),
    *("assignment__state", "assignment__reason", "assignment__lease_until"),
)


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def editable_by(self, user: "AnyUser") -> Self:
        """Return the user's own work on the questions that they have, unless they only look on."""
        own = self.filter(belonging(user, "author__"), source="human", assignment__isnull=False)
        return own.exclude(author__role="viewer")

    def timed_for(self, user: "AnyUser") -> Self:
        """Return what the user works on, or finished: their own work, and gold that is in their hands or their own."""
        own = Q(belonging(user, "author__"), source="human", assignment__isnull=False)
        in_hand = Q(belonging(user, "question__adjudicator__"), source="gold")
        finished = Q(belonging(user, "author__"), source="gold", submitted__isnull=False)
        return self.filter((own & ~Q(author__role="viewer")) | in_hand | finished)

    def of_question(self, slug: str, pk: int) -> Self:
        """Return those on one question, joined with what its pages show of question, batch, project and author.

        Each says whether it is ``discussed``, whether there are notes on it, and whether its question is ``drafted``.
        """
        from annotator.models import Note

        drafts = self.model.objects.filter(question=OuterRef("question"), source="draft").order_by()
        notes = Note.objects.filter(annotation=OuterRef("pk")).order_by()
        return (
            self.annotate(discussed=Exists(notes), drafted=Exists(drafts))
            .filter(question=pk, question__batch__project__slug=slug)
            .select_related("question__batch__project", "question__retrieval", "author", "assignment")
            .only(*SHOWN)
        )

    def discussed_by(self, user: "AnyUser") -> Self:
        """Return what people wrote that the user may say something of: their own work, and what they may look at."""
        from annotator.models import Question

        seen = Q(question__in=Question.objects.not_blind_for(user))
        return self.filter(belonging(user, "author__") | seen, source="human")

    def drafts_shown_to(self, annotation: "Annotation") -> Self:
        """Return the drafts that the author of an annotation sees beside it.

        That is from its first submission on, or always where the project says so.
        """
        drafts = self.filter(question=annotation.question_id, source="draft", system__complete=True)
        if annotation.submitted or annotation.question.batch.project.show_drafts == "before":
            return drafts
        return drafts.filter(Exists(annotation.revisions.filter(verb="submit").order_by()))

    def unread(self) -> Self:
        """Return those that have steps which the search has not read yet."""
        return self.filter(STEPPED)

    def gold(self) -> Self:
        """Return gold that was finished or brought in; what an adjudicator still writes is none yet."""
        return self.filter(source="gold", submitted__isnull=False)

    def submitted(self) -> Self:
        return self.filter(submitted__isnull=False)

    def with_conditions(self, *, removed: bool = False) -> Self:
        """Prefetch conditions in order with answers and citations: three queries, whatever the number of rows."""
        from annotator.models import Citation, Condition

        conditions: Any = Condition.objects.order_by("order", "pk")
        if not removed:
            conditions = conditions.filter(removed=False)
        return self.prefetch_related(
            Prefetch(
                "conditions",
                conditions.prefetch_related(
                    "answers", Prefetch("citations", Citation.objects.select_related("listed"))
                ),
            )
        )


class ReleaseQuerySet(models.QuerySet["Release"]):
    def with_counts(self) -> Self:
        """Annotate each release with its ``number`` of questions."""
        return self.annotate(number=Count("questions"))
