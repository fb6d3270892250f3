"""Addresses of campaigns and of what was proved."""

from __future__ import annotations

from django.urls import path

from regulars.web.campaigns.views import campaigns, planning, proof

ONE = "campaigns/<int:campaign_id>/"

urlpatterns = [
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", planning.new, name="campaign_new"),
    path("campaigns/universal/", planning.universal, name="campaigns_universal"),
    path(ONE, campaigns.campaign, name="campaign"),
    path(f"{ONE}customers/", campaigns.members, name="campaign_members"),
    path(f"{ONE}edit/", planning.edit, name="campaign_edit"),
    path(f"{ONE}count/", planning.recount, name="campaign_count"),
    path(f"{ONE}submit/", planning.submit, name="campaign_submit"),
    path(f"{ONE}take-back/", planning.take_back, name="campaign_take_back"),
    path(f"{ONE}decide/", planning.decide, name="campaign_decide"),
    path(f"{ONE}cancel/", planning.cancel, name="campaign_cancel"),
    path(f"{ONE}launch/", planning.launch, name="campaign_launch"),
    path(f"{ONE}end/", planning.end, name="campaign_end"),
    path(f"{ONE}copy/", planning.copy, name="campaign_copy"),
    path(f"{ONE}delete/", planning.delete, name="campaign_delete"),
    path(f"{ONE}export/", planning.export, name="campaign_export"),
    path(f"{ONE}lessons/", planning.lesson, name="campaign_lesson"),
    path(f"{ONE}lessons/<int:lesson_id>/remove/", planning.unlearn, name="campaign_unlearn"),
    path("proof/", proof.ledger, name="proof"),
    path("proof/read/", proof.read, name="proof_read"),
    path("proof/story/", proof.story, name="proof_story"),
    path("proof/export/", proof.export, name="proof_export"),
    path("proof/<int:proof_id>/", proof.one, name="proof_one"),
    path("proof/<int:proof_id>/terms/", proof.terms, name="proof_terms"),
]
