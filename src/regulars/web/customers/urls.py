"""Addresses of customers; the list of all of them belongs to segments."""

from __future__ import annotations

from django.urls import path

from regulars.web.customers.views import editing, ending, moving, one, reach

urlpatterns = [
    path("new/", editing.new, name="customer_new"),
    path("owners/", moving.owners, name="customer_owners"),
    path("owners/<int:user_id>/", moving.hand_over, name="customer_hand_over"),
    path("<int:customer_id>/", one.customer, name="customer"),
    path("<int:customer_id>/edit/", editing.edit, name="customer_edit"),
    path("<int:customer_id>/stage/", editing.stage, name="customer_stage"),
    path("<int:customer_id>/owner/", moving.assign, name="customer_assign"),
    path("<int:customer_id>/merge/", moving.merge, name="customer_merge"),
    path("<int:customer_id>/archive/", ending.archive, name="customer_archive"),
    path("<int:customer_id>/unarchive/", ending.unarchive, name="customer_unarchive"),
    path("<int:customer_id>/disclose/", ending.disclose, name="customer_disclose"),
    path("<int:customer_id>/erase/", ending.erase, name="customer_erase"),
    path("<int:customer_id>/points/", reach.point_new, name="customer_point_new"),
    path("<int:customer_id>/points/<int:point_id>/", reach.point, name="customer_point"),
    path("<int:customer_id>/contacts/", reach.contact_new, name="customer_contact_new"),
    path("<int:customer_id>/contacts/<int:contact_id>/", reach.contact, name="customer_contact"),
    path("<int:customer_id>/cards/", reach.card_new, name="customer_card_new"),
    path("<int:customer_id>/cards/<int:card_id>/", reach.card_remove, name="customer_card_remove"),
    path("<int:customer_id>/consent/", reach.consent, name="customer_consent"),
    path("<int:customer_id>/team/", moving.member_new, name="customer_member_new"),
    path("<int:customer_id>/team/<int:member_id>/", moving.member_remove, name="customer_member_remove"),
]
