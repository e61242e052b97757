/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The few calls of libvirt in use, declared here, so that building needs no headers of it. tests/unit/test-libvirt-door.c
 * compares them with the real ones. For libvirt-door.c alone.
 */
#pragma once

struct _virConnect;
struct _virDomain;
struct _virError;
typedef void vc_libvirt_error_fn(void *context, struct _virError *error);

/* [libvirt 9.0 include/libvirt/libvirt-domain.h VIR_DOMAIN_XML_INACTIVE, virterror.h VIR_ERR_NO_DOMAIN] */
enum { VC_LIBVIRT_XML_INACTIVE = 1 << 1, VC_LIBVIRT_NO_DOMAIN = 42 };

/* F(type, name, arguments) [libvirt 9.0 include/libvirt/libvirt-host.h, libvirt-domain.h, virterror.h] */
#define VC_LIBVIRT_CALLS(F) \
	F(int, virInitialize, (void)) \
	F(void, virSetErrorFunc, (void *, vc_libvirt_error_fn *)) \
	F(int, virGetLastErrorCode, (void)) \
	F(const char *, virGetLastErrorMessage, (void)) \
	F(struct _virConnect *, virConnectOpenReadOnly, (const char *)) \
	F(int, virConnectClose, (struct _virConnect *)) \
	F(char *, virConnectGetURI, (struct _virConnect *)) \
	F(int, virConnectListAllDomains, (struct _virConnect *, struct _virDomain ***, unsigned)) \
	F(struct _virDomain *, virDomainLookupByName, (struct _virConnect *, const char *)) \
	F(struct _virDomain *, virDomainLookupByUUIDString, (struct _virConnect *, const char *)) \
	F(const char *, virDomainGetName, (struct _virDomain *)) \
	F(char *, virDomainGetXMLDesc, (struct _virDomain *, unsigned)) \
	F(int, virDomainFree, (struct _virDomain *))
