# -*- coding: iso-8859-1 -*-
__author__ = 'R. González'
